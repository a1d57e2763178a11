namespace Strongroom.Hsm.Policy;

/// <summary>What a caller may want, apart from a particular key. Rows of <see cref="Permissions"/>.</summary>
internal enum Permission
{
    ReadClusterInfo,
    ListUsers,
    Digest,
    DrawRandom,
    SeedRandom,

    /// <summary>C_FindObjects, C_GetAttributeValue, C_GetObjectSize on what the caller may see.</summary>
    SeeObjects,

    /// <summary>Any use of any key.</summary>
    UseKeys,

    /// <summary>C_CreateObject, C_CopyObject, C_GenerateKey, C_GenerateKeyPair, C_UnwrapKey, C_DeriveKey.</summary>
    MakeObjects,

    DestroyObjects,
    SetAttributes,

    /// <summary>Giving others the use of a key of one's own, and taking it back.</summary>
    ShareKeys,

    /// <summary>Who owns a key that the caller sees, whom it is shared with, and how many approvals it takes.</summary>
    SeeKeyInfo,

    /// <summary>CKA_TRUSTED.</summary>
    SetTrusted,

    /// <summary>Find, and the attributes that name an object, of objects that are somebody else's.</summary>
    ListAllObjects,

    /// <summary>By crypto-users and appliance users; an admin's every change of a password is <see cref="ChangePasswords"/>.</summary>
    ChangeOwnPassword,
    ChangePasswords,
    CreateUsers,
    DeleteUsers,

    /// <summary>What may be changed about the cluster.</summary>
    ReadSettings,
    ChangeSettings,

    /// <summary>One's own public key for approvals.</summary>
    RegisterQuorumKey,

    /// <summary>By a crypto-user; an admin's every change of a second factor is <see cref="ChangeMfa"/>.</summary>
    ChangeOwnMfa,
    ChangeMfa,
    ReadTrustAnchors,
    ChangeTrustAnchors,
    ReadMtlsEnforcement,
    SetMtlsEnforcement,
    GenerateAdminTokens,
    GenerateKeyTokens,
    ListTokens,
    DeleteTokens,
    ReadQuorumSettings,
    SetQuorumValues,
    SetQuorumTimeouts,

    /// <summary>The HSM's audit log.</summary>
    ReadAudit,

    /// <summary>Another certificate for the cluster's key.</summary>
    RenewCertificate,
}
