using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;
using Strongroom.Store.Commits;

namespace Strongroom.Hsm.Users;

// A user's public key: one for approvals and multi-factor logins, as CloudHSM has it.
internal sealed partial class Accounts
{
    /// <summary>Registers the key with which a user approves. That the user holds its private half was proved.</summary>
    public async ValueTask<Outcome> RegisterQuorumKeyAsync(Login login, ReadOnlyMemory<byte> key, CancellationToken cancel)
    {
        Outcome<UserRecord> registered = await CommitAsync(
            _ => _users.Find(login.User) is not { } user || !IsOf(user, login) ? Refuse(Causes.LoginEnded)
                : user.MultiFactor && !user.TokenKey.Span.SequenceEqual(key.Span) ? Refuse(Causes.TokenKeyDiffers)
                : Write(user with { TokenKey = key, Approves = true }),
            cancel).ConfigureAwait(false);
        return registered.WithoutValue();
    }

    /// <summary>Turns a user's second factor on, with this key, or off; ends all logins of the user.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="role">In which role.</param>
    /// <param name="key">Null: off.</param>
    /// <param name="changeQuorum">The key shall serve approvals too.</param>
    /// <param name="password">A new password with it; null: as it is.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The user with its new credentials.</returns>
    public async ValueTask<Outcome<UserRecord>> ChangeMfaAsync(string name, Role role, ReadOnlyMemory<byte>? key, bool changeQuorum, ReadOnlyMemory<byte>? password, CancellationToken cancel)
    {
        if (Named(name, role) is not { } user)
        {
            return Causes.UserUnknown;
        }

        if (password is { } given && UserNames.CheckPassword(given.Span) is { IsOk: false } bad)
        {
            return bad.Cause;
        }

        byte[]? hash = password is { } fresh ? await HashAsync(fresh, cancel).ConfigureAwait(false) : null;
        ulong generation = Draw();
        return await CommitAsync(
            _ => Current(user) is not { } current ? Refuse(Causes.UserUnknown)
                : key is { } other && current.Approves && !changeQuorum && !current.TokenKey.Span.SequenceEqual(other.Span) ? Refuse(Causes.TokenKeyDiffers)
                : Write((key is { } one ? current with { TokenKey = one, MultiFactor = true, Approves = current.Approves || changeQuorum } : Without(current, KeyServices.MultiFactor))
                    with
                { Generation = generation, PasswordHash = hash ?? current.PasswordHash }),
            cancel).ConfigureAwait(false);
    }

    /// <summary>The admin or crypto-user of this name; null if there is none.</summary>
    public UserRecord? Named(string name, Role role) =>
        UserNames.Normalize(name) is { IsOk: true, Value: var normal } && (role is Role.Admin or Role.CryptoUser) ? _users.Find(role, normal) : null;

    private Cause? NeededForQuorum(ISealedView view, UserRecord user) =>
        !Approvers.AreEnoughWithout(user, state, view) ? Causes.ApproverNeeded
        : user.Role == Role.CryptoUser && Approvers.SomeKeyNeeds(user, state) ? Causes.QuorumNeedsUser
        : null;

    private static bool IsOf(UserRecord user, Login login) => user.Generation == login.Generation && user.Role == login.Role;

    private static UserRecord Without(UserRecord user, KeyServices withdrawn)
    {
        UserRecord changed = user with
        {
            Approves = user.Approves && !withdrawn.HasFlag(KeyServices.Approvals),
            MultiFactor = user.MultiFactor && !withdrawn.HasFlag(KeyServices.MultiFactor),
        };
        return changed.Approves || changed.MultiFactor ? changed : changed with { TokenKey = ReadOnlyMemory<byte>.Empty };
    }
}
