namespace Strongroom.Hsm.Policy;

/// <summary>
/// Which role may do what. From the permission table of the AWS CloudHSM user guide ("HSM users: permissions"): admins manage users and never touch keys but to trust them, crypto-users the
/// reverse. What is not here is refused. Approvals: the operations of each quorum service ("service names and types").
/// </summary>
internal static partial class Permissions
{
    private static Row[] Rows =>
    [
        //  operation                            nobody  admin   crypto-user  appliance user  approvals
        new(Permission.ReadClusterInfo,               true,   true,   true,        true,           QuorumService.None),
        new(Permission.ListUsers,                     true,   true,   true,        true,           QuorumService.None),
        new(Permission.Digest,                        true,   true,   true,        true,           QuorumService.None),
        new(Permission.DrawRandom,                    true,   true,   true,        true,           QuorumService.None),
        new(Permission.SeedRandom,                    true,   true,   true,        true,           QuorumService.None),
        new(Permission.SeeObjects,                    true,   true,   true,        true,           QuorumService.None),
        new(Permission.UseKeys,                       false,  false,  true,        false,          QuorumService.None),
        new(Permission.MakeObjects,                   false,  false,  true,        false,          QuorumService.None),
        new(Permission.DestroyObjects,                false,  false,  true,        false,          QuorumService.None),
        new(Permission.SetAttributes,                 false,  false,  true,        false,          QuorumService.None),
        new(Permission.ShareKeys,                     false,  false,  true,        false,          QuorumService.None),
        new(Permission.SeeKeyInfo,                    false,  true,   true,        false,          QuorumService.None),
        new(Permission.SetTrusted,                    false,  true,   false,       false,          QuorumService.None),
        new(Permission.ListAllObjects,                false,  true,   false,       false,          QuorumService.None),
        new(Permission.ChangeOwnPassword,             false,  false,  true,        true,           QuorumService.None),
        new(Permission.ChangePasswords,               false,  true,   false,       false,          QuorumService.User),
        new(Permission.CreateUsers,                   false,  true,   false,       false,          QuorumService.User),
        new(Permission.DeleteUsers,                   false,  true,   false,       false,          QuorumService.User),
        new(Permission.RegisterQuorumKey,             false,  true,   true,        false,          QuorumService.None),
        new(Permission.ChangeOwnMfa,                  false,  false,  true,        false,          QuorumService.None),
        new(Permission.ChangeMfa,                     false,  true,   false,       false,          QuorumService.User),
        new(Permission.ReadTrustAnchors,              true,   true,   true,        true,           QuorumService.None),
        new(Permission.ChangeTrustAnchors,            false,  true,   false,       false,          QuorumService.Cluster),
        new(Permission.ReadMtlsEnforcement,           false,  true,   true,        false,          QuorumService.None),
        new(Permission.SetMtlsEnforcement,            false,  true,   false,       false,          QuorumService.Cluster),
        new(Permission.GenerateAdminTokens,           false,  true,   false,       false,          QuorumService.None),
        new(Permission.GenerateKeyTokens,             false,  false,  true,        false,          QuorumService.None),
        new(Permission.ListTokens,                    false,  true,   true,        true,           QuorumService.None),
        new(Permission.DeleteTokens,                  false,  true,   false,       false,          QuorumService.None),
        new(Permission.ReadQuorumSettings,            true,   true,   true,        true,           QuorumService.None),
        new(Permission.SetQuorumValues,               false,  true,   false,       false,          QuorumService.Quorum),
        new(Permission.SetQuorumTimeouts,             false,  true,   false,       false,          QuorumService.None),
        new(Permission.ReadAudit,                     false,  true,   false,       false,          QuorumService.None),
        new(Permission.RenewCertificate,              false,  true,   false,       false,          QuorumService.None),
        new(Permission.ReadSettings,                  false,  true,   true,        true,           QuorumService.None),
        new(Permission.ChangeSettings,                false,  true,   false,       false,          QuorumService.None),
    ];
}
