namespace Strongroom.Hsm.Policy;

/// <summary>
/// Which role may do what. From the permission table of the AWS CloudHSM user guide ("HSM users: permissions"): admins manage users and never touch keys but to trust them, crypto-users the
/// reverse. What is not here is refused.
/// </summary>
internal static partial class Permissions
{
    private static Row[] Rows =>
    [
        //  operation                            nobody  admin   crypto-user  appliance user
        new(Permission.ReadClusterInfo,           true,   true,   true,        true),
        new(Permission.ListUsers,                 true,   true,   true,        true),
        new(Permission.Digest,                    true,   true,   true,        true),
        new(Permission.DrawRandom,                true,   true,   true,        true),
        new(Permission.SeedRandom,                true,   true,   true,        true),
        new(Permission.SeeObjects,                true,   true,   true,        true),
        new(Permission.UseKeys,                   false,  false,  true,        false),
        new(Permission.MakeObjects,               false,  false,  true,        false),
        new(Permission.DestroyObjects,            false,  false,  true,        false),
        new(Permission.SetAttributes,             false,  false,  true,        false),
        new(Permission.ShareKeys,                 false,  false,  true,        false),
        new(Permission.SeeKeyInfo,                false,  true,   true,        false),
        new(Permission.SetTrusted,                false,  true,   false,       false),
        new(Permission.ListAllObjects,            false,  true,   false,       false),
        new(Permission.ChangeOwnPassword,         false,  true,   true,        true),
        new(Permission.ChangeOthersPassword,      false,  true,   false,       false),
        new(Permission.CreateUsers,               false,  true,   false,       false),
        new(Permission.DeleteUsers,               false,  true,   false,       false),
        new(Permission.ReadSettings,              false,  true,   true,        true),
        new(Permission.ChangeSettings,            false,  true,   false,       false),
        new(Permission.ReadAudit,                 false,  true,   false,       false),
        new(Permission.RenewCertificate,          false,  true,   false,       false),
    ];
}
