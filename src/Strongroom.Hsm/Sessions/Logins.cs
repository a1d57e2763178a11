using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Users;

namespace Strongroom.Hsm.Sessions;

/// <summary>Who is logged in in which instance, and for how long.</summary>
internal sealed class Logins(UserTable users, Action<ObjectHandle> forgetKey)
{
    /// <summary>How long after the password a login may still be renewed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The login of an instance, if it still stands: the user's credentials are those that were shown.</summary>
    public Login? Current(Caller caller)
    {
        if (caller.Login is not { } login)
        {
            return null;
        }

        if (IsGood(login))
        {
            return login;
        }

        End(caller);
        return null;
    }

    /// <summary>Whether the user is there, with the same credentials, and not about to be deleted.</summary>
    public bool IsGood(Login login) => users.Find(login.User) is { } user && user.Generation == login.Generation && user.Role == login.Role;

    /// <summary>Logs an instance in. Another one's login must have been ended.</summary>
    public static void Begin(Caller caller, Login login) => caller.Login = login;

    /// <summary>Logs out: private session objects and open operations go, public session objects and sessions stay (PKCS#11 3.2, C_Logout).</summary>
    public void End(Caller caller)
    {
        caller.Login = null;
        caller.TakeContextLogin();
        foreach (Session session in caller.Sessions.Values)
        {
            session.DropAll();
        }

        foreach (HsmObject gone in caller.Objects.RemoveWhere(item => item.Has(ObjectFlags.Private)))
        {
            forgetKey(gone.Handle);
        }
    }
}
