using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Users;
using Strongroom.Store.Commits;

namespace Strongroom.Hsm.Objects;

/// <summary>Puts objects where they belong: token objects into the store, session objects into their instance. Takes each creation and destruction once, however often it is asked for.</summary>
internal sealed class ObjectKeeper(TokenObjects objects, RecentCreations recent, HandleSource handles, KeyRing ring, Logins logins, Committer committer, LiveKeys live, Clock clock)
{
    private const int MaxHandleAttempts = 8;

    /// <summary>Makes an object for a handle; called again if the handle turns out to be taken.</summary>
    public delegate HsmObject Build(ObjectHandle handle);

    /// <summary>What an earlier try of this request gave.</summary>
    public bool TryRecall(Caller caller, CreationNumber number, out RecentCreations.Result result)
    {
        var request = new CreationId(caller.Instance, number);
        return recent.TryGet(request, out result) || caller.Creations.TryGet(request, out result);
    }

    /// <summary>Stores one object, or the two of a pair, all or none.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="session">In which session.</param>
    /// <param name="number">The instance's number of this creation.</param>
    /// <param name="parts">One or two.</param>
    /// <param name="shares">Users that the objects name; none of them may be gone when they are stored.</param>
    /// <param name="cancel">Gives up waiting; the objects may then exist.</param>
    public async ValueTask<Outcome<RecentCreations.Result>> AddAsync(Caller caller, SessionId session, CreationNumber number, (bool Token, Build Build)[] parts, UserRecord[] shares, CancellationToken cancel)
    {
        var request = new CreationId(caller.Instance, number);
        if (parts.Any(part => part.Token) && !session.IsReadWrite)
        {
            return Causes.SessionReadOnly;
        }

        if (logins.Current(caller) is not { } login)
        {
            return Causes.NotLoggedIn;
        }

        var result = default(RecentCreations.Result);
        var stored = new List<HsmObject>(parts.Length);
        var kept = new List<HsmObject>(parts.Length);
        for (int part = 0; part < parts.Length; part++)
        {
            ObjectHandle handle = parts[part].Token ? FreeHandle(request, part) : handles.ForSession();
            HsmObject item = parts[part].Build(handle) with { Creation = request, CreationPart = part, Created = clock.Wall, Session = parts[part].Token ? default : session };
            (parts[part].Token ? stored : kept).Add(item);
            result = result.With(part, handle);
        }

        if (caller.Objects.Count + kept.Count > SessionLimits.ObjectsPerInstance)
        {
            return Causes.TooManyObjects;
        }

        if (stored.Count > 0)
        {
            Outcome<RecentCreations.Result> committed = await StoreAsync(request, stored, result, login, shares, cancel).ConfigureAwait(false);
            if (!committed.IsOk || committed.Value != result)
            {
                return committed;
            }
        }

        Outcome inInstance = KeepInInstance(caller, request, kept);
        return inInstance.IsOk ? result : inInstance.Cause;
    }

    /// <summary>Destroys an object that the caller owns.</summary>
    public async ValueTask<Outcome> DestroyAsync(Caller caller, SessionId session, CreationNumber number, ObjectHandle handle, CancellationToken cancel)
    {
        var request = new CreationId(caller.Instance, number);
        if (TryRecall(caller, number, out RecentCreations.Result earlier) && earlier.First == handle)
        {
            return Outcome.Ok;
        }

        if (handle.IsSession)
        {
            return DestroyInInstance(caller, request, handle);
        }

        return await committer.TryAsync(
            view =>
            {
                if (recent.TryGet(request, out RecentCreations.Result done) && done.First == handle)
                {
                    return Proposal.Refuse(Outcome.Ok);
                }

                Outcome<HsmObject> item = JudgeDestruction(caller, session, handle);
                if (!item.IsOk)
                {
                    return Proposal.Refuse(item.WithoutValue());
                }

                var tombstone = new Tombstone(request, handle, clock.Wall);
                return Proposal.Write(Outcome.Ok, Change.Delete(ObjectRecord.PathOf(handle)), Change.Put(tombstone.Path, tombstone.Write()));
            },
            cancel).ConfigureAwait(false);
    }

    /// <summary>Changes an object; what may change was judged by the tables, and is judged again on the object as it stands when the change is committed.</summary>
    public async ValueTask<Outcome> ChangeAsync(Caller caller, SessionId session, ObjectHandle handle, Template template, CancellationToken cancel)
    {
        if (handle.IsSession)
        {
            Outcome<HsmObject> changed = JudgeChange(caller, session, handle, template);
            return changed.IsOk && !caller.Objects.TryPut(changed.Value) ? Causes.TooManyObjects : changed.WithoutValue();
        }

        // Approvals are taken once, by a change that is permitted otherwise; how many a key takes never changes.
        Approval? approval = null;
        Outcome<HsmObject> judged = JudgeChange(caller, session, handle, template);
        Outcome approved = judged.IsOk && logins.Current(caller)?.Role != Role.Admin ? ring.Manage(judged.Value, caller, out approval) : judged.WithoutValue();
        if (!approved.IsOk)
        {
            return approved;
        }

        Outcome done = await committer.TryAsync(
            _ =>
            {
                Outcome<HsmObject> changed = JudgeChange(caller, session, handle, template);
                return changed.IsOk ? Proposal.Write(Outcome.Ok, Change.Put(ObjectRecord.PathOf(handle), ObjectRecord.Write(changed.Value))) : Proposal.Refuse(changed.WithoutValue());
            },
            cancel).ConfigureAwait(false);
        approval?.End(done.Cause);
        return done;
    }

    private Outcome<HsmObject> JudgeDestruction(Caller caller, SessionId session, ObjectHandle handle)
    {
        Outcome<HsmObject> item = ring.Own(handle, caller, Permission.DestroyObjects);
        if (!item.IsOk)
        {
            return item;
        }

        if (item.Value.Has(ObjectFlags.Token) && !session.IsReadWrite)
        {
            return Causes.SessionReadOnly;
        }

        return item.Value.Has(ObjectFlags.Destroyable) ? item : Causes.NotDestroyable;
    }

    private Outcome<HsmObject> JudgeChange(Caller caller, SessionId session, ObjectHandle handle, Template template)
    {
        bool admin = logins.Current(caller)?.Role == Role.Admin;
        Outcome<HsmObject> item = admin ? ring.Trust(handle, caller) : ring.Own(handle, caller, Permission.SetAttributes);
        if (!item.IsOk)
        {
            return item;
        }

        if (item.Value.Has(ObjectFlags.Token) && !session.IsReadWrite)
        {
            return Causes.SessionReadOnly;
        }

        return admin ? Alteration.SetByAdmin(item.Value, template) : Alteration.Set(item.Value, template);
    }

    private ObjectHandle FreeHandle(CreationId request, int part)
    {
        for (int attempt = 0; attempt < MaxHandleAttempts; attempt++)
        {
            ObjectHandle handle = handles.ForToken(request, part, attempt);
            if (!objects.TryGet(handle, out HsmObject? other) || other.Creation == request)
            {
                return handle;
            }
        }

        throw new InvalidOperationException("Eight handles in a row were taken, which chance does not do.");
    }

    private async ValueTask<Outcome<RecentCreations.Result>> StoreAsync(CreationId request, List<HsmObject> items, RecentCreations.Result result, Login login, UserRecord[] shares, CancellationToken cancel)
    {
        return await committer.TryAsync<RecentCreations.Result>(
            view =>
            {
                // A retry that came while the first try was under way finds it done here.
                if (recent.TryGet(request, out RecentCreations.Result earlier))
                {
                    return Proposal.Refuse<Outcome<RecentCreations.Result>>(earlier);
                }

                // Nor is one that is no longer remembered made twice: the handle comes from the request, and the object names it.
                if (items.TrueForAll(item => objects.TryGet(item.Handle, out HsmObject? made) && made.Creation == request))
                {
                    return Proposal.Refuse<Outcome<RecentCreations.Result>>(result);
                }

                if (items.Exists(item => objects.TryGet(item.Handle, out _)))
                {
                    return Proposal.Refuse<Outcome<RecentCreations.Result>>(Causes.CommitUnknown);
                }

                // The owner must not be deleted, nor its login ended, side by side with this.
                view.Version(UserRecord.PathOf(login.Role, login.Name));
                if (Array.Exists(shares, user => view.Version(user.Path) is null))
                {
                    return Proposal.Refuse<Outcome<RecentCreations.Result>>(Causes.ShareUserUnknown);
                }

                return logins.IsGood(login)
                    ? Proposal.Write<Outcome<RecentCreations.Result>>(result, [.. items.Select(item => Change.Put(ObjectRecord.PathOf(item.Handle), ObjectRecord.Write(item)))])
                    : Proposal.Refuse<Outcome<RecentCreations.Result>>(Causes.LoginEnded);
            },
            cancel).ConfigureAwait(false);
    }

    private Outcome KeepInInstance(Caller caller, CreationId request, List<HsmObject> items)
    {
        TimeSpan now = clock.Now.SinceBoot;
        foreach (HsmObject item in items)
        {
            if (!caller.Objects.TryPut(item))
            {
                return Causes.TooManyObjects;
            }

            caller.Creations.Add(request, item.CreationPart, item.Handle, TimeSpan.Zero, now);
        }

        return Outcome.Ok;
    }

    private Outcome DestroyInInstance(Caller caller, CreationId request, ObjectHandle handle)
    {
        Outcome<HsmObject> item = JudgeDestruction(caller, default, handle);
        if (item.IsOk)
        {
            caller.Objects.Remove(handle);
            live.Forget(handle);
            caller.Creations.Add(request, 0, handle, TimeSpan.Zero, clock.Now.SinceBoot);
        }

        return item.WithoutValue();
    }
}
