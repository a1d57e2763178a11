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
