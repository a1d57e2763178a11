using System.Globalization;
using Strongroom.Hsm;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Token, mechanisms and sessions.</summary>
internal static class Sessions
{
    public static Outcome<GetTokenInfoReply> GetTokenInfo(Exchange exchange, GetTokenInfoRequest request)
    {
        var token = exchange.Module.GetTokenInfo(exchange.Caller);
        return new GetTokenInfoReply(
            token.Label,
            token.Model,
            token.Serial,
            token.Flags,
            (ulong)token.MaxSessions,
            (ulong)token.Sessions,
            (ulong)token.ReadWriteSessions,
            (ulong)token.MinPin,
            (ulong)token.MaxPin,
            (ulong)token.FirmwareVersion.Major,
            (ulong)token.FirmwareVersion.Minor,
            token.Now.UtcDateTime.ToString("yyyyMMddHHmmss'00'", CultureInfo.InvariantCulture));
    }

    public static Outcome<GetMechanismsReply> GetMechanisms(Exchange exchange, GetMechanismsRequest request)
    {
        _ = exchange.Caller;
        return new GetMechanismsReply([
            .. exchange.Module.GetMechanisms().Select(m => new WireMechanismInfo(m.Number, m.MinKeySize, m.MaxKeySize, m.Flags, (ulong)m.Shape, m.Multipart))
        ]);
    }

    public static Outcome<OpenSessionReply> Open(Exchange exchange, OpenSessionRequest request) =>
        exchange.Module.OpenSession(exchange.Caller, new SessionId(request.Session)).With(new OpenSessionReply());

    public static Outcome<CloseSessionReply> Close(Exchange exchange, CloseSessionRequest request) =>
        exchange.Module.CloseSession(exchange.Caller, new SessionId(request.Session)).With(new CloseSessionReply());

    public static Outcome<CloseAllSessionsReply> CloseAll(Exchange exchange, CloseAllSessionsRequest request) =>
        exchange.Module.CloseAllSessions(exchange.Caller).With(new CloseAllSessionsReply());

    public static Outcome<GetSessionInfoReply> GetInfo(Exchange exchange, GetSessionInfoRequest request)
    {
        var state = exchange.Module.GetSessionState(exchange.Caller, new SessionId(request.Session));
        return state.IsOk ? new GetSessionInfoReply((ulong)state.Value) : state.Cause;
    }
}
