using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Logins;

/// <summary>A user in a role, as CloudHSM names them.</summary>
/// <param name="Name">lower case; names do not differ by case</param>
/// <param name="Role">admin or crypto-user</param>
internal sealed record Identity(string Name, Role Role)
{
    public UserType UserType => Role == Role.Admin ? UserType.So : UserType.User;

    public static Identity Of(string name, string role) => new(name.ToLowerInvariant(), ParseRole(role));

    public static Role ParseRole(string role) => role switch
    {
        CommonOptions.AdminRole => Role.Admin,
        CommonOptions.CryptoUserRole => Role.CryptoUser,
        _ => throw new CommandRefusedException($"There is no role {role}; the roles are {CommonOptions.AdminRole} and {CommonOptions.CryptoUserRole}"),
    };

    /// <summary>The role's name as `user list` prints it.</summary>
    public static string RoleName(Role role) => role switch
    {
        Role.Admin => CommonOptions.AdminRole,
        Role.CryptoUser => CommonOptions.CryptoUserRole,
        Role.UnactivatedAdmin => "unactivated-admin",
        Role.ApplianceUser => "internal(APPLIANCE_USER)",
        _ => $"role-{(ulong)role}",
    };

    /// <summary>{"username": …, "role": …}, which many commands answer with.</summary>
    public JsonObject ToJson() => new() { ["username"] = Name, ["role"] = RoleName(Role) };
}
