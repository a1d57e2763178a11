using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Users;

namespace Strongroom.Hsm.Sessions;

// Logins by password and signature, and who has them.
internal sealed partial class Gatekeeper
{
    /// <summary>A challenge for a login of this user; for anybody and any name, so that it tells nothing.</summary>
    public Outcome<ReadOnlyMemory<byte>> BeginMfaLogin(Caller caller, LoginType type, string name)
    {
        Outcome<string> normal = UserNames.Normalize(name);
        return !normal.IsOk ? normal.Cause
            : RoleOf(type) is not { } role ? Causes.UserTypeWrong
            : (ReadOnlyMemory<byte>)caller.Challenges.Draw(ChallengePurpose.MfaLogin, UserRecord.PathOf(role, normal.Value), clock.Now.SinceBoot);
    }

    /// <summary>Logs an instance in with "user:password" and a signature over a challenge of this instance. The challenge is used up, whatever comes of it.</summary>
    public async ValueTask<Outcome<Ticket>> LoginWithMfaAsync(Caller caller, LoginType type, ReadOnlyMemory<byte> pin, ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> signature, CancellationToken cancel)
    {
        if (RoleOf(type) is not { } role)
        {
            return Causes.UserTypeWrong;
        }

        if (!users.IsActive)
        {
            return Causes.NotActive;
        }

        Outcome<(string Name, ReadOnlyMemory<byte> Password)> split = UserNames.SplitPin(pin);
        if (!split.IsOk)
        {
            return split.Cause;
        }

        await caller.LoginGate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            bool isLive = caller.Challenges.Take(ChallengePurpose.MfaLogin, UserRecord.PathOf(role, split.Value.Name), challenge.Span, clock.Now.SinceBoot);
            return await FreshAsync(caller, role, pin, SecondFactor.Of(isLive ? challenge : default, signature), cancel).ConfigureAwait(false);
        }
        finally
        {
            caller.LoginGate.Release();
        }
    }

    /// <summary>A challenge for the key that a user shall have as second factor.</summary>
    public Outcome<ReadOnlyMemory<byte>> BeginMfaRegistration(Caller caller, string name, Role role)
    {
        Login? login = logins.Current(caller);
        return Permissions.CheckRole(login, Changing(login, name, role)) is { IsOk: false } refusal ? refusal.Cause
            : accounts.Named(name, role) is not { } user ? Causes.UserUnknown
            : (ReadOnlyMemory<byte>)caller.Challenges.Draw(ChallengePurpose.MfaKey, user.Path, clock.Now.SinceBoot);
    }

    /// <summary>Turns a second factor on or off. All logins of the user end but the caller's own.</summary>
    public async ValueTask<Outcome> ChangeMfaAsync(Caller caller, string name, Role role, MfaChange change, CancellationToken cancel)
    {
        Login? login = logins.Current(caller);
        Permission permission = Changing(login, name, role);
        if (Permissions.CheckRole(login, permission) is { IsOk: false } refusal)
        {
            return refusal;
        }

        if (accounts.Named(name, role) is not { } user)
        {
            return Causes.UserUnknown;
        }

        if (change.Key is { } key)
        {
            bool isLive = caller.Challenges.Take(ChallengePurpose.MfaKey, user.Path, change.Challenge.Span, clock.Now.SinceBoot);
            if (!Quorum.SignerKey.IsOne(key))
            {
                return Causes.TokenKeyWrong;
            }

            if (!isLive || !Quorum.SignerKey.Verify(key, change.Challenge.Span, change.Signature.Span))
            {
                return Causes.ChallengeWrong;
            }
        }

        if (gate.Admit(caller, permission, out Quorum.Approval? approval) is { IsOk: false } unapproved)
        {
            return unapproved;
        }

        Outcome<UserRecord> changed = await accounts.ChangeMfaAsync(name, role, change.Key, change.ChangeQuorum, change.Password, cancel).ConfigureAwait(false);
        approval?.End(changed.Cause);
        if (changed.IsOk && login!.User == changed.Value.Id)
        {
            Logins.Begin(caller, login with { Generation = changed.Value.Generation });
        }

        return changed.WithoutValue();
    }

    private static Permission Changing(Login? login, string name, Role role) =>
        login is { Role: Role.CryptoUser } && role == Role.CryptoUser && string.Equals(login.Name, name, StringComparison.OrdinalIgnoreCase) ? Permission.ChangeOwnMfa : Permission.ChangeMfa;

    private static Role? RoleOf(LoginType type) => type switch
    {
        LoginType.User => Role.CryptoUser,
        LoginType.SecurityOfficer => Role.Admin,
        _ => null,
    };
}
