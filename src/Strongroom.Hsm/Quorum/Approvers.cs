using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Users;
using Strongroom.Store.Commits;

namespace Strongroom.Hsm.Quorum;

/// <summary>Whether there would still be enough users to approve with.</summary>
internal static class Approvers
{
    /// <summary>Admins who have registered a key. Asking makes the change depend on every admin's record.</summary>
    /// <param name="users">The cluster's.</param>
    /// <param name="view">What the change sees.</param>
    /// <param name="without">Not counted.</param>
    public static int AmongAdmins(UserTable users, ISealedView view, UserId without = default)
    {
        int count = 0;
        foreach (UserRecord user in users.All)
        {
            if (user.Role == Role.Admin && user.Id != without)
            {
                view.Version(user.Path);
                count += user.Approves ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>Whether the admins' services could still be approved without this admin's key.</summary>
    public static bool AreEnoughWithout(UserRecord admin, ClusterState state, ISealedView view)
    {
        view.Version(QuorumRecord.Path);
        int most = Math.Max(state.Quorum.User, Math.Max(state.Quorum.Quorum, state.Quorum.Cluster));
        return !admin.Approves || admin.Role != Role.Admin || most < 2 || AmongAdmins(state.Users, view, admin.Id) >= most;
    }

    /// <summary>Users who can approve for a key: its owner and those whom it is shared with.</summary>
    public static int Of(HsmObject key, UserTable users) => 1 + key.SharedWith.Count(user => users.Find(user) is not null);

    /// <summary>Whether some key that is shared with this user takes as many approvals as it has users.</summary>
    public static bool SomeKeyNeeds(UserRecord user, ClusterState state)
    {
        Template everything = Template.Decode([]).Value;
        Span<ObjectHandle> handles = stackalloc ObjectHandle[256];
        ObjectHandle after = ObjectHandle.None;
        if (state.Objects.IndexOf(new Viewer(Viewer.Kind.Shared, user.Id)) is not { } index)
        {
            return false;
        }

        int count;
        do
        {
            count = index.Next(everything, after, handles);
            foreach (ObjectHandle handle in handles[..count])
            {
                if (state.Objects.TryGet(handle, out HsmObject? key) && Math.Max(key.ManageQuorum, key.UseQuorum) is >= 2 and var needed && Of(key, state.Users) <= needed)
                {
                    return true;
                }

                after = handle;
            }
        }
        while (count == handles.Length);
        return false;
    }
}
