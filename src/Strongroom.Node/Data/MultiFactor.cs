using Strongroom.Hsm;
using Strongroom.Wire;
using Role = Strongroom.Hsm.Role;

namespace Strongroom.Node.Data;

/// <summary>Logins that take a signature beside the password.</summary>
internal static class MultiFactor
{
    private static readonly Cause UnknownUserType = new(Rv.UserTypeInvalid, "there is no such user type");

    public static Outcome<BeginMfaLoginReply> BeginLogin(Exchange exchange, BeginMfaLoginRequest request)
    {
        if (request.UserType > (ulong)LoginType.User)
        {
            return UnknownUserType;
        }

        var challenge = exchange.Module.BeginMfaLogin(exchange.Caller, (LoginType)request.UserType, request.Name);
        return challenge.IsOk ? new BeginMfaLoginReply(challenge.Value) : challenge.Cause;
    }

    public static async ValueTask<Outcome<LoginWithMfaReply>> LoginAsync(Exchange exchange, LoginWithMfaRequest request, CancellationToken cancel)
    {
        if (request.UserType > (ulong)LoginType.User)
        {
            return UnknownUserType;
        }

        var ticket = await exchange.Module.LoginWithMfaAsync(exchange.Caller, (LoginType)request.UserType, request.Pin, request.Challenge, request.Signature, cancel).ConfigureAwait(false);
        return ticket.IsOk ? new LoginWithMfaReply(ticket.Value.Sealed, (ulong)ticket.Value.Lifetime.TotalSeconds) : ticket.Cause;
    }

    public static Outcome<BeginMfaRegistrationReply> BeginRegistration(Exchange exchange, BeginMfaRegistrationRequest request)
    {
        var challenge = exchange.Module.BeginMfaRegistration(exchange.Caller, request.Name, (Role)Math.Min(request.Role, int.MaxValue));
        return challenge.IsOk ? new BeginMfaRegistrationReply(challenge.Value) : challenge.Cause;
    }

    // The key outlives the request's frame, so it is copied.
    public static async ValueTask<Outcome<ChangeMfaReply>> ChangeAsync(Exchange exchange, ChangeMfaRequest request, CancellationToken cancel) => (await exchange.Module.ChangeMfaAsync(
        exchange.Caller,
        request.Name,
        (Role)Math.Min(request.Role, int.MaxValue),
        new MfaChange(request.Key is { } key ? key.ToArray() : (ReadOnlyMemory<byte>?)null, request.Challenge ?? default, request.Signature ?? default, request.ChangeQuorum, request.Password),
        cancel).ConfigureAwait(false)).With(new ChangeMfaReply());
}
