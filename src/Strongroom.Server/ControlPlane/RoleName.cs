using Strongroom.Wire;

namespace Strongroom.Server.ControlPlane;

/// <summary>The names that cloudhsm-cli gives the roles.</summary>
internal static class RoleName
{
    public static readonly string[] Creatable = ["admin", "crypto-user"];

    public static string Of(Role role) => role switch
    {
        Role.Admin => "admin",
        Role.CryptoUser => "crypto-user",
        Role.ApplianceUser => "internal(APPLIANCE_USER)",
        Role.UnactivatedAdmin => "unactivated-admin",
        _ => $"unknown ({(ulong)role})",
    };

    public static Role Parse(string name) => name switch
    {
        "admin" => Role.Admin,
        "crypto-user" => Role.CryptoUser,
        _ => throw new RefusalException($"'{name}' is no role; the roles are {string.Join(" and ", Creatable)}."),
    };
}
