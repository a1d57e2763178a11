using Strongroom.Hsm;
using Strongroom.Wire;
using QuorumService = Strongroom.Hsm.QuorumService;
using Role = Strongroom.Hsm.Role;

namespace Strongroom.Node.Data;

/// <summary>Approvals by several users: keys for them, tokens, and how many each service takes.</summary>
internal static class Approvals
{
    public static Outcome<BeginQuorumRegistrationReply> BeginRegistration(Exchange exchange, BeginQuorumRegistrationRequest request)
    {
        var challenge = exchange.Module.BeginQuorumRegistration(exchange.Caller);
        return challenge.IsOk ? new BeginQuorumRegistrationReply(challenge.Value) : challenge.Cause;
    }

    public static async ValueTask<Outcome<RegisterQuorumKeyReply>> RegisterKeyAsync(Exchange exchange, RegisterQuorumKeyRequest request, CancellationToken cancel) =>
        (await exchange.Module.RegisterQuorumKeyAsync(exchange.Caller, request.Key.ToArray(), request.Challenge, request.Signature, cancel).ConfigureAwait(false)).With(new RegisterQuorumKeyReply());

    public static Outcome<GenerateQuorumTokenReply> Generate(Exchange exchange, GenerateQuorumTokenRequest request)
    {
        var data = exchange.Module.GenerateQuorumToken(exchange.Caller, Service(request.Service), new ObjectHandle(request.Key ?? 0));
        return data.IsOk ? new GenerateQuorumTokenReply(data.Value) : data.Cause;
    }

    // Signatures take a while to verify, so this runs off the reading loop.
    public static ValueTask<Outcome<ApproveQuorumTokenReply>> ApproveAsync(Exchange exchange, ApproveQuorumTokenRequest request, CancellationToken cancel) => ValueTask.FromResult(
        exchange.Module.ApproveQuorumToken(
            exchange.Caller, request.ApprovalData, Array.ConvertAll(request.Approvals, one => new ApprovalSignature(one.User, (Role)Math.Min(one.Role, int.MaxValue), one.Signature)))
            .With(new ApproveQuorumTokenReply()));

    public static Outcome<ListQuorumTokensReply> List(Exchange exchange, ListQuorumTokensRequest request)
    {
        var tokens = exchange.Module.ListQuorumTokens(exchange.Caller);
        return tokens.IsOk
            ? new ListQuorumTokensReply([
                .. tokens.Value.Select(one => new WireQuorumToken(
                    one.User, (ulong)one.Role, (ulong)one.Service, one.Key.Value, (ulong)one.Required, (ulong)one.Approvals, (ulong)Math.Ceiling(one.Left.TotalSeconds)))
            ])
            : tokens.Cause;
    }

    public static Outcome<DeleteQuorumTokensReply> Delete(Exchange exchange, DeleteQuorumTokensRequest request) =>
        exchange.Module.DeleteQuorumTokens(exchange.Caller, request.All).With(new DeleteQuorumTokensReply());

    public static Outcome<GetQuorumSettingsReply> GetSettings(Exchange exchange, GetQuorumSettingsRequest request)
    {
        _ = exchange.Caller;
        var settings = exchange.Module.QuorumSettings;
        return new GetQuorumSettingsReply(
            (ulong)settings.User, (ulong)settings.Quorum, (ulong)settings.Cluster, (ulong)settings.GeneratedFor.TotalSeconds, (ulong)settings.ApprovedFor.TotalSeconds);
    }

    public static async ValueTask<Outcome<SetQuorumValueReply>> SetValueAsync(Exchange exchange, SetQuorumValueRequest request, CancellationToken cancel) =>
        (await exchange.Module.SetQuorumValueAsync(exchange.Caller, Service(request.Service), (int)Math.Min(request.Value, int.MaxValue), cancel).ConfigureAwait(false)).With(new SetQuorumValueReply());

    public static async ValueTask<Outcome<SetQuorumTimeoutsReply>> SetTimeoutsAsync(Exchange exchange, SetQuorumTimeoutsRequest request, CancellationToken cancel) =>
        (await exchange.Module.SetQuorumTimeoutsAsync(exchange.Caller, Seconds(request.GeneratedFor), Seconds(request.ApprovedFor), cancel).ConfigureAwait(false)).With(new SetQuorumTimeoutsReply());

    private static TimeSpan? Seconds(ulong? seconds) => seconds is { } given ? TimeSpan.FromSeconds(Math.Min(given, int.MaxValue)) : null;

    private static QuorumService Service(ulong number) => (QuorumService)Math.Min(number, int.MaxValue);
}
