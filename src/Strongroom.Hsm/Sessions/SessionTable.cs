using Strongroom.Hsm.Objects;

namespace Strongroom.Hsm.Sessions;

/// <summary>Opening and closing of sessions. One that this HSM does not know (it was restarted) is opened by its first use.</summary>
internal sealed class SessionTable(Logins logins, Action<ObjectHandle> forgetKey)
{
    /// <summary>The session of an id, opened if need be.</summary>
    public Outcome<Session> Require(Caller caller, SessionId id)
    {
        if (caller.Sessions.TryGetValue(id, out Session? session))
        {
            return session;
        }

        if (id.Value < 2)
        {
            return Causes.SessionUnknown;
        }

        if (!id.IsReadWrite && logins.Current(caller) is { Role: Role.Admin })
        {
            return Causes.AdminLoggedIn;
        }

        if (caller.Sessions.Count >= SessionLimits.SessionsPerInstance || !caller.Budget.Sessions.TryAdd())
        {
            return Causes.TooManySessions;
        }

        var fresh = new Session(id, caller.Budget.Operations);
        if (caller.Sessions.TryAdd(id, fresh))
        {
            return fresh;
        }

        caller.Budget.Sessions.Subtract();
        return caller.Sessions.TryGetValue(id, out session) ? session : Causes.SessionUnknown;
    }

    /// <summary>Ends a session, its operations and the session objects that it made. One that is not known here is closed already.</summary>
    public void Close(Caller caller, SessionId id)
    {
        if (!caller.Sessions.TryRemove(id, out Session? session))
        {
            return;
        }

        caller.Budget.Sessions.Subtract();
        session.Dispose();
        foreach (HsmObject item in caller.Objects.RemoveWhere(item => item.Session == id))
        {
            forgetKey(item.Handle);
        }
    }

    /// <summary>Ends all sessions of an instance, and its login with them.</summary>
    public void CloseAll(Caller caller)
    {
        logins.End(caller);
        foreach (SessionId id in caller.Sessions.Keys)
        {
            Close(caller, id);
        }
    }

    public SessionState StateOf(Caller caller, SessionId id) => (logins.Current(caller)?.Role, id.IsReadWrite) switch
    {
        (Role.Admin, true) => SessionState.ReadWriteSo,
        (Role.CryptoUser or Role.ApplianceUser, true) => SessionState.ReadWriteUser,
        (Role.CryptoUser or Role.ApplianceUser, false) => SessionState.ReadOnlyUser,
        (_, true) => SessionState.ReadWritePublic,
        _ => SessionState.ReadOnlyPublic,
    };
}
