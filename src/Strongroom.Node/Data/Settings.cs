using Strongroom.Hsm;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>What an admin may change about a cluster.</summary>
internal static class Settings
{
    public static Outcome<GetSettingsReply> Get(Exchange exchange, GetSettingsRequest request)
    {
        var read = exchange.Module.GetSettings(exchange.Caller);
        return read.IsOk ? new GetSettingsReply(read.Value.Pkcs1Decryption) : read.Cause;
    }

    public static async ValueTask<Outcome<SetSettingsReply>> SetAsync(Exchange exchange, SetSettingsRequest request, CancellationToken cancel) =>
        (await exchange.Module.SetSettingsAsync(exchange.Caller, new ClusterSettings(request.Pkcs1Decryption), cancel).ConfigureAwait(false)).With(new SetSettingsReply());
}
