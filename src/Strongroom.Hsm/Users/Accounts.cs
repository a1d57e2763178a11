using Strongroom.Crypto;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;
using Strongroom.Store.Commits;

namespace Strongroom.Hsm.Users;

/// <summary>
/// Changes to users, each one compare-and-swap on the user's record. A password is tried first and judged by the record as it stands when the result is committed: wrong guesses are counted before
/// they are answered, and a right one that comes after the fifth wrong one is answered as locked. So of any number of guesses made at once, on any number of HSMs, no more than five are told from each other.
/// </summary>
internal sealed partial class Accounts(ClusterState state, Committer committer, ClusterMode mode, Clock clock)
{
    /// <summary>Users of a cluster, of all roles.</summary>
    public const int MaxUsers = 1024;

    private const int MaxFailures = 5;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(15);

    private readonly UserTable _users = state.Users;
    private readonly TokenObjects _objects = state.Objects;

    // Tried when the user does not exist, so that the time does not tell.
    private readonly Lazy<Task<byte[]>> _nobody = new(() => PasswordHash.CreateAsync("nobody has this password"u8.ToArray(), mode == ClusterMode.Fips).AsTask());

    /// <summary>Tries a password, and with it a signature where the user has a second factor, and counts the failure or success. Which of the two was wrong is not told.</summary>
    /// <param name="role">In which role.</param>
    /// <param name="name">Who.</param>
    /// <param name="password">Given.</param>
    /// <param name="factor">What is to be said of the second factor.</param>
    /// <param name="cancel">Gives up.</param>
    public async ValueTask<Outcome<UserRecord>> AuthenticateAsync(Role role, string name, ReadOnlyMemory<byte> password, SecondFactor factor, CancellationToken cancel)
    {
        if (_users.Find(role, name) is not { } user)
        {
            await PasswordHash.VerifyAsync(password, await _nobody.Value.ConfigureAwait(false), cancel).ConfigureAwait(false);
            return Causes.PinWrong;
        }

        if (Barred(user) is { } barred)
        {
            return barred;
        }

        // Who has a second factor is no secret (user list), so this comes before the password.
        if (factor.Refusal(user) is { } otherWay)
        {
            return otherWay;
        }

        bool right = factor.Holds(user) & await PasswordHash.VerifyAsync(password, user.PasswordHash, cancel).ConfigureAwait(false);
        return await CommitAsync(view => CountAttempt(view, user, right), cancel).ConfigureAwait(false);
    }

    /// <summary>Creates a user.</summary>
    public async ValueTask<Outcome> CreateAsync(string name, Role role, ReadOnlyMemory<byte> password, CancellationToken cancel)
    {
        Outcome<string> normal = UserNames.Normalize(name);
        if (!normal.IsOk)
        {
            return normal.Cause;
        }

        if (role is not (Role.Admin or Role.CryptoUser))
        {
            return Causes.RoleNotCreated;
        }

        if (UserNames.CheckPassword(password.Span) is { IsOk: false } bad)
        {
            return bad;
        }

        byte[] hash = await HashAsync(password, cancel).ConfigureAwait(false);
        var user = new UserRecord(DrawId(), normal.Value, role, hash, Draw());
        Outcome<UserRecord> created = await CommitAsync(
            _ => _users.Find(role, user.Name) is not null ? Refuse(Causes.UserExists)
                : _users.Count >= MaxUsers ? Refuse(Causes.TooManyUsers)
                : Write(user),
            cancel).ConfigureAwait(false);
        return created.WithoutValue();
    }

    /// <summary>
    /// Deletes a user who owns nothing. It takes two commits: the first ends the user's logins, so that nothing more can be created in its name; the second looks again and deletes, or gives the
    /// credentials back.
    /// </summary>
    public async ValueTask<Outcome> DeleteAsync(string name, Role role, CancellationToken cancel)
    {
        Outcome<string> normal = UserNames.Normalize(name);
        if (!normal.IsOk || _users.Find(role, normal.Value) is not { } user || role is not (Role.Admin or Role.CryptoUser))
        {
            return Causes.UserUnknown;
        }

        string path = user.Path;
        Outcome<UserRecord> closed = await CommitAsync(
            view => Current(user) is not { } current ? Refuse(Causes.UserUnknown)
                : IsLastAdmin(view, current) ? Refuse(Causes.LastAdmin)
                : _objects.OwnedBy(current.Id) > 0 ? Refuse(Causes.UserOwnsKeys)
                : NeededForQuorum(view, current) is { } needed ? Refuse(needed)
                : Write(current with { Generation = Draw() }, current),
            cancel).ConfigureAwait(false);
        if (!closed.IsOk)
        {
            return closed.Cause;
        }

        Outcome<UserRecord> deleted = await CommitAsync(
            view => Current(user) is not { } current ? Refuse(Causes.UserUnknown)
                : _objects.OwnedBy(current.Id) > 0 ? Proposal.Write<Outcome<UserRecord>>(Causes.UserOwnsKeys, Change.Put(path, (current with { Generation = closed.Value.Generation }).Write()))
                : IsLastAdmin(view, current) ? Refuse(Causes.LastAdmin)
                : NeededForQuorum(view, current) is { } needed ? Refuse(needed)
                : Proposal.Write<Outcome<UserRecord>>(current, Change.Delete(path)),
            cancel).ConfigureAwait(false);
        return deleted.WithoutValue();
    }

    /// <summary>Sets a password, unlocks, and ends all logins of the user.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="role">In which role.</param>
    /// <param name="password">From now on.</param>
    /// <param name="withdrawn">What the user's public key serves no longer.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The user with its new credentials.</returns>
    public async ValueTask<Outcome<UserRecord>> ChangePasswordAsync(string name, Role role, ReadOnlyMemory<byte> password, KeyServices withdrawn, CancellationToken cancel)
    {
        Outcome<string> normal = UserNames.Normalize(name);
        if (!normal.IsOk || role is not (Role.Admin or Role.CryptoUser) || _users.Find(role, normal.Value) is not { } user)
        {
            return Causes.UserUnknown;
        }

        if (UserNames.CheckPassword(password.Span) is { IsOk: false } bad)
        {
            return bad.Cause;
        }

        byte[] hash = await HashAsync(password, cancel).ConfigureAwait(false);
        ulong generation = Draw();
        return await CommitAsync(
            view => Current(user) is not { } current ? Refuse(Causes.UserUnknown)
                : withdrawn.HasFlag(KeyServices.Approvals) && !Approvers.AreEnoughWithout(current, state, view) ? Refuse(Causes.ApproverNeeded)
                : Write(Without(current, withdrawn) with { PasswordHash = hash, Generation = generation, Failures = 0, Locked = false, NotBefore = null }),
            cancel).ConfigureAwait(false);
    }

    /// <summary>Makes the unactivated admin of the cluster's birth an admin, by the birth's one-time code. The code has 160 random bits, so guesses need not be counted.</summary>
    public async ValueTask<Outcome> ActivateAsync(ReadOnlyMemory<byte> code, ReadOnlyMemory<byte> password, CancellationToken cancel)
    {
        if (_users.Find(Role.UnactivatedAdmin, ClusterBirth.AdminName) is not { } unactivated)
        {
            return Causes.AlreadyActive;
        }

        if (!await PasswordHash.VerifyAsync(code, unactivated.PasswordHash, cancel).ConfigureAwait(false))
        {
            return Causes.CodeWrong;
        }

        if (UserNames.CheckPassword(password.Span) is { IsOk: false } bad)
        {
            return bad;
        }

        byte[] hash = await HashAsync(password, cancel).ConfigureAwait(false);
        var admin = new UserRecord(DrawId(), unactivated.Name, Role.Admin, hash, Draw());
        Outcome<UserRecord> activated = await CommitAsync(
            _ => _users.Find(Role.UnactivatedAdmin, unactivated.Name) is null
                ? Refuse(Causes.AlreadyActive)
                : Proposal.Write<Outcome<UserRecord>>(admin, Change.Delete(unactivated.Path), Change.Put(admin.Path, admin.Write())),
            cancel).ConfigureAwait(false);
        return activated.WithoutValue();
    }

    private Proposal<Outcome<UserRecord>> CountAttempt(ISealedView view, UserRecord tried, bool right)
    {
        if (Current(tried) is not { } user || !user.PasswordHash.Span.SequenceEqual(tried.PasswordHash.Span)
            || user.MultiFactor != tried.MultiFactor || !user.TokenKey.Span.SequenceEqual(tried.TokenKey.Span))
        {
            return Refuse(Causes.PinWrong);
        }

        if (Barred(user) is { } barred)
        {
            return Refuse(barred);
        }

        Moment now = clock.Now;
        if (right)
        {
            return Write(user with { Failures = 0, NotBefore = null, LastLogin = now.Wall });
        }

        UserRecord failed = user with { Failures = user.Failures + 1 };
        if (failed.Failures >= MaxFailures)
        {
            failed = IsLastAdmin(view, user) ? failed with { NotBefore = now.In(DelayAfter(failed.Failures)) } : failed with { Locked = true };
        }

        return Proposal.Write<Outcome<UserRecord>>(Causes.PinWrong, Change.Put(failed.Path, failed.Write()));
    }

    // 30 s after the fifth failure, twice as long after each one more.
    private static TimeSpan DelayAfter(int failures)
    {
        TimeSpan delay = TimeSpan.FromSeconds(30 * Math.Pow(2, Math.Min(failures - MaxFailures, 10)));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    private Cause? Barred(UserRecord user) => user.Locked ? Causes.UserLocked : user.NotBefore is { } until && clock.Now.Since(until) < TimeSpan.Zero ? Causes.UserDelayed : null;

    // Whether no other admin could log in. Asking for the others' records makes the change depend on them, so that two admins can't be locked or deleted side by side.
    private bool IsLastAdmin(ISealedView view, UserRecord user)
    {
        if (user.Role != Role.Admin)
        {
            return false;
        }

        bool last = true;
        foreach (UserRecord other in _users.All)
        {
            if (other.Role == Role.Admin && other.Id != user.Id)
            {
                view.Version(other.Path);
                last &= other.Locked;
            }
        }

        return last;
    }

    private UserRecord? Current(UserRecord known) => _users.Find(known.Role, known.Name) is { } current && current.Id == known.Id ? current : null;

    private ValueTask<byte[]> HashAsync(ReadOnlyMemory<byte> password, CancellationToken cancel) => PasswordHash.CreateAsync(password, mode == ClusterMode.Fips, cancel);

    private ValueTask<Outcome<UserRecord>> CommitAsync(Func<ISealedView, Proposal<Outcome<UserRecord>>> change, CancellationToken cancel) => committer.TryAsync(change, cancel);

    private static Proposal<Outcome<UserRecord>> Refuse(Cause cause) => Proposal.Refuse<Outcome<UserRecord>>(cause);

    private static Proposal<Outcome<UserRecord>> Write(UserRecord user, UserRecord? result = null) => Proposal.Write<Outcome<UserRecord>>(result ?? user, Change.Put(user.Path, user.Write()));

    private static ulong Draw()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomSource.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }

    private static UserId DrawId() => new(Draw() | 1);
}
