using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Users;
using Strongroom.Store.Commits;

namespace Strongroom.Hsm.Objects;

/// <summary>Whom a key is shared with. Taking a share back holds from the next request on: the change makes a new version of the key, and every use asks for the key as it stands.</summary>
internal sealed class KeySharing(KeyRing ring, UserTable users, Committer committer)
{
    /// <summary>Users that a key may be shared with.</summary>
    public const int MaxShares = 1024;

    /// <summary>Lets a crypto-user use a key.</summary>
    public ValueTask<Outcome> ShareAsync(Caller caller, ObjectHandle handle, string name, CancellationToken cancel) =>
        ChangeAsync(caller, handle, name, Share, cancel);

    /// <summary>Takes the use of a key back.</summary>
    public ValueTask<Outcome> UnshareAsync(Caller caller, ObjectHandle handle, string name, CancellationToken cancel) =>
        ChangeAsync(caller, handle, name, Unshare, cancel);

    /// <summary>Who owns a key, whom it is shared with, and how many approvals it takes.</summary>
    public Outcome<KeyInfo> Describe(Caller caller, ObjectHandle handle)
    {
        Outcome<HsmObject> item = ring.Describe(handle, caller);
        if (!item.IsOk)
        {
            return item.Cause;
        }

        // A deleted user's number may stay in a key's record; it names nobody.
        string[] shared = [.. item.Value.SharedWith.Select(users.Find).OfType<UserRecord>().Select(user => user.Name).Order(StringComparer.Ordinal)];
        return new KeyInfo(users.Find(item.Value.Owner)?.Name ?? "", shared, item.Value.ManageQuorum, item.Value.UseQuorum);
    }

    /// <summary>The crypto-users of these names, each once.</summary>
    public Outcome<UserRecord[]> Named(IReadOnlyList<string> names, UserId owner)
    {
        var found = new List<UserRecord>(names.Count);
        foreach (string name in names)
        {
            if (Find(name) is not { } user)
            {
                return Causes.ShareUserUnknown;
            }

            if (user.Id == owner)
            {
                return Causes.SharedWithOwner;
            }

            if (!found.Exists(other => other.Id == user.Id))
            {
                found.Add(user);
            }
        }

        return found.Count <= MaxShares ? found.ToArray() : Causes.TooManyShares;
    }

    private async ValueTask<Outcome> ChangeAsync(Caller caller, ObjectHandle handle, string name, Func<HsmObject, UserRecord, Outcome<HsmObject>> change, CancellationToken cancel)
    {
        // Approvals are taken once, by a change that is permitted otherwise; how many a key takes never changes.
        Approval? approval = null;
        Outcome<HsmObject> judged = Judge(caller, handle, name, change, null);
        Outcome approved = judged.IsOk ? ring.Manage(judged.Value, caller, out approval) : judged.WithoutValue();
        if (!approved.IsOk)
        {
            return approved;
        }

        Outcome done = await committer.TryAsync(
            view =>
            {
                Outcome<HsmObject> changed = Judge(caller, handle, name, change, view);
                return changed.IsOk ? Proposal.Write(Outcome.Ok, Change.Put(ObjectRecord.PathOf(handle), ObjectRecord.Write(changed.Value))) : Proposal.Refuse(changed.WithoutValue());
            },
            cancel).ConfigureAwait(false);
        approval?.End(done.Cause);
        return done;
    }

    private Outcome<HsmObject> Judge(Caller caller, ObjectHandle handle, string name, Func<HsmObject, UserRecord, Outcome<HsmObject>> change, ISealedView? view)
    {
        Outcome<HsmObject> item = ring.Share(handle, caller);
        if (!item.IsOk)
        {
            return item;
        }

        if (Find(name) is not { } user)
        {
            return Causes.ShareUserUnknown;
        }

        // The user must not be deleted side by side with this.
        view?.Version(user.Path);
        return change(item.Value with { SharedWith = [.. item.Value.SharedWith.Where(other => users.Find(other) is not null)] }, user);
    }

    private static Outcome<HsmObject> Share(HsmObject item, UserRecord user) =>
        user.Id == item.Owner ? Causes.SharedWithOwner
        : item.SharedWith.Contains(user.Id) ? Causes.AlreadyShared
        : item.SharedWith.Length >= MaxShares ? Causes.TooManyShares
        : item with { SharedWith = [.. item.SharedWith, user.Id] };

    private static Outcome<HsmObject> Unshare(HsmObject item, UserRecord user) =>
        !item.SharedWith.Contains(user.Id) ? Causes.NotShared
        : item.SharedWith.Length < Math.Max(item.ManageQuorum, item.UseQuorum) ? Causes.QuorumNeedsUser
        : item with { SharedWith = [.. item.SharedWith.Where(other => other != user.Id)] };

    private UserRecord? Find(string name)
    {
        Outcome<string> normal = UserNames.Normalize(name);
        return normal.IsOk ? users.Find(Role.CryptoUser, normal.Value) : null;
    }
}
