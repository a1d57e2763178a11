using System.Collections.Frozen;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Policy;

internal static partial class Permissions
{
    private static readonly FrozenDictionary<Permission, Row> ByPermission = Rows.ToFrozenDictionary(row => row.Permission);

    /// <summary>The one judgement on operations that are not the use of a particular key.</summary>
    /// <param name="login">Who asks; null if nobody is logged in.</param>
    /// <param name="permission">What for.</param>
    public static Outcome Check(Login? login, Permission permission)
    {
        if (ByPermission.TryGetValue(permission, out Row? row) && row.Permits(login?.Role ?? Role.None))
        {
            return Outcome.Ok;
        }

        return login is null ? Causes.NotLoggedIn : Causes.RoleMayNot;
    }

    internal sealed record Row(Permission Permission, bool Nobody, bool Admin, bool CryptoUser, bool ApplianceUser)
    {
        public bool Permits(Role role) => role switch
        {
            Role.None => Nobody,
            Role.Admin => Admin,
            Role.CryptoUser => CryptoUser,
            Role.ApplianceUser => ApplianceUser,
            _ => false,
        };
    }
}
