namespace Strongroom.Audit;

/// <summary>Everything that is logged, on one screen. The numbers stand in the log for ever: never reuse one. How AWS calls each is in <see cref="Exports.AwsOpcodes"/>.</summary>
public enum AuditOperation
{
    None = 0,

    // ---- logins and sessions ----
    Login = 1,
    Logout = 2,
    ResumeLogin = 3,        // a ticket was shown on a new connection
    EndInstance = 4,
    OpenSession = 5,
    CloseSession = 6,

    // ---- users and quorum ----
    CreateUser = 16,
    DeleteUser = 17,
    ChangePassword = 18,
    Activate = 19,
    LockUser = 20,
    UnlockUser = 21,
    RegisterApprovalKey = 22,
    SetQuorum = 23,
    ApproveToken = 24,
    DeleteToken = 25,
    GetToken = 26,
    ChangeMfa = 27,

    // ---- objects and keys ----
    CreateObject = 32,
    CopyObject = 33,
    ModifyObject = 34,
    DestroySessionObject = 35,
    DestroyObject = 36,
    ShareKey = 37,
    UnshareKey = 38,
    GenerateKey = 39,
    GenerateKeyPair = 40,
    WrapKey = 41,
    UnwrapKey = 42,
    DeriveKey = 43,
    EncapsulateKey = 44,
    DecapsulateKey = 45,
    ReadSecretValue = 46,   // CKA_VALUE of a key that is not sensitive
    AttestKey = 47,

    // ---- uses ----
    Encrypt = 64,
    Decrypt = 65,
    Sign = 66,
    Verify = 67,
    Digest = 68,
    SignRecover = 69,
    VerifyRecover = 70,
    GenerateRandom = 71,
    SeedRandom = 72,

    // ---- the HSM and its cluster ----
    BackupBegin = 80,
    BackupEnd = 81,
    RestoreBegin = 82,
    RestoreEnd = 83,
    CreateCluster = 96,
    InitializeCluster = 97,
    InstallIdentity = 98,
    Start = 100,
    Stop = 101,
    Unseal = 102,
    AdvanceEpoch = 103,
    AcceptStore = 104,
    ChangeSetting = 105,
    RenewCertificate = 106, // another certificate for the cluster's key
    RegisterTrustAnchor = 107,
    DeregisterTrustAnchor = 108,
    SetMtlsEnforcement = 109,

    // ---- the log itself ----
    AuditAlarm = 112,       // 80 or 95 % of its room is taken
    AuditRefusals = 113,    // how many operations were refused, or went unrecorded, while it had no room
    AuditCut = 114,
    AuditRecovery = 115,
    AuditRead = 116,
}
