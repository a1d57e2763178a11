using System.Collections.Frozen;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Policy;

internal static partial class Permissions
{
    private static readonly FrozenDictionary<Permission, Row> ByPermission = Rows.ToFrozenDictionary(row => row.Permission);

    /// <summary>The one judgement on operations that are not the use of a particular key.</summary>
    /// <param name="login">Who asks; null if nobody is logged in.</param>
    /// <param name="permission">What for; nothing that takes approvals, which <see cref="QuorumGate"/> admits.</param>
    public static Outcome Check(Login? login, Permission permission) => ServiceOf(permission) == QuorumService.None
        ? CheckRole(login, permission)
        : throw new InvalidOperationException($"{permission} takes approvals: the quorum gate admits it.");

    /// <summary>What a permission's approvals are for; None: it takes none.</summary>
    public static QuorumService ServiceOf(Permission permission) => ByPermission.TryGetValue(permission, out Row? row) ? row.Service : QuorumService.None;

    /// <summary>Whether the role permits it, approvals or not.</summary>
    public static Outcome CheckRole(Login? login, Permission permission)
    {
        if (ByPermission.TryGetValue(permission, out Row? row) && row.Permits(login?.Role ?? Role.None))
        {
            return Outcome.Ok;
        }

        return login is null ? Causes.NotLoggedIn : Causes.RoleMayNot;
    }

    internal sealed record Row(Permission Permission, bool Nobody, bool Admin, bool CryptoUser, bool ApplianceUser, QuorumService Service)
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
