namespace Strongroom.Hsm.Users;

/// <summary>Roles as CloudHSM's tools write them.</summary>
internal static class RoleNames
{
    public static string Of(Role role) => role switch
    {
        Role.Admin => "admin",
        Role.CryptoUser => "crypto-user",
        Role.ApplianceUser => "appliance-user",
        Role.UnactivatedAdmin => "unactivated-admin",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "There is no such role."),
    };
}
