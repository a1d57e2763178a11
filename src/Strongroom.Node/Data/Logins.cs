using Strongroom.Hsm;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>C_Login and its like.</summary>
internal static class Logins
{
    private static readonly Cause UnknownUserType = new(Rv.UserTypeInvalid, "there is no such user type");

    public static async ValueTask<Outcome<LoginReply>> LoginAsync(Exchange exchange, LoginRequest request, CancellationToken cancel)
    {
        if (request.UserType > (ulong)LoginType.ContextSpecific)
        {
            return UnknownUserType;
        }

        var ticket = await exchange.Module.LoginAsync(exchange.Caller, (LoginType)request.UserType, request.Pin, cancel).ConfigureAwait(false);
        return ticket.IsOk ? new LoginReply(ticket.Value.Sealed, (ulong)ticket.Value.Lifetime.TotalSeconds) : ticket.Cause;
    }

    public static Outcome<LogoutReply> Logout(Exchange exchange, LogoutRequest request) => exchange.Module.Logout(exchange.Caller).With(new LogoutReply());

    public static Outcome<RenewTicketReply> RenewTicket(Exchange exchange, RenewTicketRequest request)
    {
        var ticket = exchange.Module.RenewTicket(exchange.Caller);
        return ticket.IsOk ? new RenewTicketReply(ticket.Value.Sealed, (ulong)ticket.Value.Lifetime.TotalSeconds) : ticket.Cause;
    }

    public static async ValueTask<Outcome<SetPinReply>> SetPinAsync(Exchange exchange, SetPinRequest request, CancellationToken cancel) =>
        (await exchange.Module.SetPinAsync(exchange.Caller, new SessionId(request.Session), request.OldPin, request.NewPin, cancel).ConfigureAwait(false)).With(new SetPinReply());

    public static async ValueTask<Outcome<InitPinReply>> InitPinAsync(Exchange exchange, InitPinRequest request, CancellationToken cancel) =>
        (await exchange.Module.InitPinAsync(exchange.Caller, new SessionId(request.Session), request.Pin, cancel).ConfigureAwait(false)).With(new InitPinReply());
}
