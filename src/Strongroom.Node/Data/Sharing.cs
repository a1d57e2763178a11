using Strongroom.Hsm;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Owners of keys and those whom they let use them.</summary>
internal static class Sharing
{
    public static async ValueTask<Outcome<ShareKeyReply>> ShareAsync(Exchange exchange, ShareKeyRequest request, CancellationToken cancel) =>
        (await exchange.Module.ShareKeyAsync(exchange.Caller, new ObjectHandle(request.Key), request.User, cancel).ConfigureAwait(false)).With(new ShareKeyReply());

    public static async ValueTask<Outcome<UnshareKeyReply>> UnshareAsync(Exchange exchange, UnshareKeyRequest request, CancellationToken cancel) =>
        (await exchange.Module.UnshareKeyAsync(exchange.Caller, new ObjectHandle(request.Key), request.User, cancel).ConfigureAwait(false)).With(new UnshareKeyReply());

    public static Outcome<GetKeyInfoReply> GetInfo(Exchange exchange, GetKeyInfoRequest request)
    {
        var info = exchange.Module.GetKeyInfo(exchange.Caller, new ObjectHandle(request.Key));
        return info.IsOk
            ? new GetKeyInfoReply(info.Value.Owner, [.. info.Value.SharedWith.Select(name => new WireKeyUser(name))], (ulong)info.Value.ManageQuorum, (ulong)info.Value.UseQuorum)
            : info.Cause;
    }

    /// <summary>The terms of a new key.</summary>
    public static KeyTerms Terms(WireKeyUser[]? shareWith, ulong? manageQuorum, ulong? useQuorum) =>
        new([.. (shareWith ?? []).Select(user => user.Name)], (int)Math.Min(manageQuorum ?? 0, int.MaxValue), (int)Math.Min(useQuorum ?? 0, int.MaxValue));
}
