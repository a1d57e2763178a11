using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Users;

namespace Strongroom.Hsm.Sessions;

/// <summary>C_Login, C_Logout, C_SetPIN and tickets.</summary>
internal sealed partial class Gatekeeper(Logins logins, Accounts accounts, SlowedSources sources, UserTable users, QuorumGate gate, Tickets tickets, Clock clock)
{
    /// <summary>Logs an instance in with "user:password".</summary>
    public async ValueTask<Outcome<Ticket>> LoginAsync(Caller caller, LoginType type, ReadOnlyMemory<byte> pin, CancellationToken cancel)
    {
        if (type is not (LoginType.User or LoginType.SecurityOfficer or LoginType.ContextSpecific))
        {
            return Causes.UserTypeWrong;
        }

        if (!users.IsActive)
        {
            return Causes.NotActive;
        }

        await caller.LoginGate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return type == LoginType.ContextSpecific
                ? await AgainAsync(caller, pin, cancel).ConfigureAwait(false)
                : await FreshAsync(caller, type == LoginType.User ? Role.CryptoUser : Role.Admin, pin, SecondFactor.NotShown, cancel).ConfigureAwait(false);
        }
        finally
        {
            caller.LoginGate.Release();
        }
    }

    /// <summary>C_Logout. It waits for nothing: a login in the making ends up as one that was made after it.</summary>
    public Outcome Logout(Caller caller)
    {
        if (logins.Current(caller) is null)
        {
            return Causes.NotLoggedIn;
        }

        logins.End(caller);
        return Outcome.Ok;
    }

    /// <summary>A fresh ticket, until 24 hours after the password.</summary>
    public Outcome<Ticket> Renew(Caller caller)
    {
        if (logins.Current(caller) is not { } login)
        {
            return Causes.NotLoggedIn;
        }

        return clock.Now.Since(login.PasswordGiven) < Logins.Longest ? tickets.Issue(caller.Instance, login) : Causes.LoginTooOld;
    }

    /// <summary>Takes a ticket on a new connection.</summary>
    /// <returns>Why it is no longer good; fine if the instance is logged in by it, or was so already.</returns>
    public Outcome Show(Caller caller, ReadOnlySpan<byte> ticket)
    {
        Outcome<Login> login = tickets.Accept(caller.Instance, ticket);
        if (!login.IsOk)
        {
            return login.WithoutValue();
        }

        if (!logins.IsGood(login.Value))
        {
            return Causes.LoginEnded;
        }

        if (logins.Current(caller) is { } present)
        {
            return present.User == login.Value.User ? Outcome.Ok : Causes.OtherLoggedIn;
        }

        Logins.Begin(caller, login.Value);
        return Outcome.Ok;
    }

    /// <summary>
    /// C_SetPIN: the logged-in user's own password; where nobody is logged in, that of the crypto-user whom the old PIN names and proves (PKCS#11 3.2, 5.5.9: R/W public sessions).
    /// This instance stays logged in, all others of the user do not.
    /// </summary>
    public async ValueTask<Outcome> SetPinAsync(Caller caller, ReadOnlyMemory<byte> oldPin, ReadOnlyMemory<byte> newPin, CancellationToken cancel)
    {
        if (logins.Current(caller) is not { } login)
        {
            return await SetPinOfAsync(caller, oldPin, newPin, cancel).ConfigureAwait(false);
        }

        Outcome<ReadOnlyMemory<byte>> oldPassword = PasswordOf(oldPin, login);
        Outcome<ReadOnlyMemory<byte>> newPassword = PasswordOf(newPin, login);
        if (!oldPassword.IsOk || !newPassword.IsOk)
        {
            return (oldPassword.Cause ?? newPassword.Cause)!;
        }

        Outcome<UserRecord> proven = await AuthenticateAsync(caller, login.Role, login.Name, oldPassword.Value, SecondFactor.NotAsked, cancel).ConfigureAwait(false);
        if (!proven.IsOk)
        {
            return proven.WithoutValue();
        }

        if (gate.Admit(caller, login.Role == Role.Admin ? Permission.ChangePasswords : Permission.ChangeOwnPassword, out Quorum.Approval? approval) is { IsOk: false } refusal)
        {
            return refusal;
        }

        Outcome<UserRecord> changed = await accounts.ChangePasswordAsync(login.Name, login.Role, newPassword.Value, KeyServices.None, cancel).ConfigureAwait(false);
        approval?.End(changed.Cause);
        if (!changed.IsOk)
        {
            return changed.WithoutValue();
        }

        Logins.Begin(caller, login with { Generation = changed.Value.Generation, PasswordGiven = clock.Now });
        return Outcome.Ok;
    }

    private async ValueTask<Outcome> SetPinOfAsync(Caller caller, ReadOnlyMemory<byte> oldPin, ReadOnlyMemory<byte> newPin, CancellationToken cancel)
    {
        if (!users.IsActive)
        {
            return Causes.NotActive;
        }

        Outcome<(string Name, ReadOnlyMemory<byte> Password)> split = UserNames.SplitPin(oldPin);
        if (!split.IsOk)
        {
            return split.WithoutValue();
        }

        Outcome<UserRecord> proven = await AuthenticateAsync(caller, Role.CryptoUser, split.Value.Name, split.Value.Password, SecondFactor.NotShown, cancel).ConfigureAwait(false);
        if (!proven.IsOk)
        {
            return proven.WithoutValue();
        }

        var user = new Login(proven.Value.Id, proven.Value.Name, Role.CryptoUser, proven.Value.Generation, clock.Now);
        Outcome permitted = Permissions.Check(user, Permission.ChangeOwnPassword);
        Outcome<ReadOnlyMemory<byte>> newPassword = PasswordOf(newPin, user);
        return !permitted.IsOk ? permitted
            : !newPassword.IsOk ? newPassword.WithoutValue()
            : (await accounts.ChangePasswordAsync(user.Name, user.Role, newPassword.Value, KeyServices.None, cancel).ConfigureAwait(false)).WithoutValue();
    }

    // "user:password" of this very user, or the password alone, which has no colon.
    private static Outcome<ReadOnlyMemory<byte>> PasswordOf(ReadOnlyMemory<byte> pin, Login login)
    {
        if (!pin.Span.Contains((byte)':'))
        {
            return pin;
        }

        Outcome<(string Name, ReadOnlyMemory<byte> Password)> split = UserNames.SplitPin(pin);
        return split.IsOk && split.Value.Name == login.Name ? split.Value.Password : Causes.PinForm;
    }

    private ValueTask<Outcome<UserRecord>> AuthenticateAsync(Caller caller, Role role, string name, ReadOnlyMemory<byte> password, SecondFactor factor, CancellationToken cancel) =>
        sources.TryAsync(caller.Address, UserRecord.PathOf(role, name), () => accounts.AuthenticateAsync(role, name, password, factor, cancel), cancel);

    private async ValueTask<Outcome<Ticket>> FreshAsync(Caller caller, Role role, ReadOnlyMemory<byte> pin, SecondFactor factor, CancellationToken cancel)
    {
        Outcome<(string Name, ReadOnlyMemory<byte> Password)> split = UserNames.SplitPin(pin);
        if (!split.IsOk)
        {
            return split.Cause;
        }

        if (logins.Current(caller) is { } present)
        {
            return present.Role == role && present.Name == split.Value.Name ? Causes.AlreadyLoggedIn : Causes.OtherLoggedIn;
        }

        if (role == Role.Admin && caller.Sessions.Keys.Any(session => !session.IsReadWrite))
        {
            return Causes.ReadOnlySessionsOpen;
        }

        Outcome<UserRecord> user = await AuthenticateAsync(caller, role, split.Value.Name, split.Value.Password, factor, cancel).ConfigureAwait(false);
        if (!user.IsOk)
        {
            return user.Cause;
        }

        var login = new Login(user.Value.Id, user.Value.Name, role, user.Value.Generation, clock.Now);
        Logins.Begin(caller, login);
        return tickets.Issue(caller.Instance, login);
    }

    // CKU_CONTEXT_SPECIFIC: the same user proves itself again for one use of a key with CKA_ALWAYS_AUTHENTICATE.
    private async ValueTask<Outcome<Ticket>> AgainAsync(Caller caller, ReadOnlyMemory<byte> pin, CancellationToken cancel)
    {
        if (logins.Current(caller) is not { } login)
        {
            return Causes.NotLoggedIn;
        }

        Outcome<ReadOnlyMemory<byte>> password = PasswordOf(pin, login);
        if (!password.IsOk)
        {
            return password.Cause;
        }

        Outcome<UserRecord> user = await AuthenticateAsync(caller, login.Role, login.Name, password.Value, SecondFactor.NotAsked, cancel).ConfigureAwait(false);
        if (!user.IsOk)
        {
            return user.Cause;
        }

        caller.GrantContextLogin();
        return tickets.Issue(caller.Instance, login);
    }
}
