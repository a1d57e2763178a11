using System.Collections.Frozen;
using Strongroom.Audit.Records;

namespace Strongroom.Audit.Exports;

/// <summary>The operations as AWS's CloudHSM audit log reference names and numbers them. It publishes names for all of its operations and numbers for some.</summary>
public static class AwsOpcodes
{
    private const int Admin = 1;
    private const int ApplianceUser = 3;
    private const int Ours = 0x8000;

    private static readonly FrozenDictionary<AuditOperation, AwsOpcode> Table = new Dictionary<AuditOperation, AwsOpcode>
    {
        [AuditOperation.Login] = new("CN_LOGIN", 0xD, AwsLogType.User),
        [AuditOperation.Logout] = new("CN_LOGOUT", 0xE, AwsLogType.User),
        [AuditOperation.EndInstance] = Unpublished(AuditOperation.EndInstance, "CN_APP_FINALIZE", AwsLogType.User),
        [AuditOperation.CloseSession] = Unpublished(AuditOperation.CloseSession, "CN_CLOSE_SESSION", AwsLogType.User),
        [AuditOperation.CreateUser] = new("CN_CREATE_USER", 0x3, AwsLogType.User),
        [AuditOperation.DeleteUser] = new("CN_DELETE_USER", 0xA1, AwsLogType.User),
        [AuditOperation.ChangePassword] = new("CN_CHANGE_PSWD", 0x9, AwsLogType.User),
        [AuditOperation.Activate] = new("CN_CHANGE_PSWD", 0x9, AwsLogType.User),
        [AuditOperation.SetQuorum] = Unpublished(AuditOperation.SetQuorum, "CN_SET_M_VALUE", AwsLogType.User),
        [AuditOperation.ApproveToken] = Unpublished(AuditOperation.ApproveToken, "CN_APPROVE_TOKEN", AwsLogType.User),
        [AuditOperation.DeleteToken] = Unpublished(AuditOperation.DeleteToken, "CN_DELETE_TOKEN", AwsLogType.User),
        [AuditOperation.GetToken] = Unpublished(AuditOperation.GetToken, "CN_GET_TOKEN", AwsLogType.User),
        [AuditOperation.LockUser] = Unpublished(AuditOperation.LockUser, "SR_LOCK_USER", AwsLogType.User),
        [AuditOperation.UnlockUser] = Unpublished(AuditOperation.UnlockUser, "SR_UNLOCK_USER", AwsLogType.User),
        [AuditOperation.RegisterApprovalKey] = Unpublished(AuditOperation.RegisterApprovalKey, "SR_REGISTER_APPROVAL_KEY", AwsLogType.User),
        [AuditOperation.ChangeMfa] = Unpublished(AuditOperation.ChangeMfa, "SR_CHANGE_MFA", AwsLogType.User),
        [AuditOperation.ResumeLogin] = Unpublished(AuditOperation.ResumeLogin, "SR_RESUME_LOGIN", AwsLogType.User),
        [AuditOperation.CreateObject] = Unpublished(AuditOperation.CreateObject, "CN_CREATE_OBJECT", AwsLogType.Key),
        [AuditOperation.CopyObject] = Unpublished(AuditOperation.CopyObject, "SR_COPY_OBJECT", AwsLogType.Key),
        [AuditOperation.ModifyObject] = Unpublished(AuditOperation.ModifyObject, "CN_MODIFY_OBJECT", AwsLogType.Key),
        [AuditOperation.DestroySessionObject] = new("CN_DESTROY_OBJECT", 0x11, AwsLogType.Key),
        [AuditOperation.DestroyObject] = Unpublished(AuditOperation.DestroyObject, "CN_TOMBSTONE_OBJECT", AwsLogType.Key),
        [AuditOperation.ShareKey] = new("CN_SHARE_OBJECT", 0x12, AwsLogType.Key),
        [AuditOperation.UnshareKey] = new("CN_SHARE_OBJECT", 0x12, AwsLogType.Key),
        [AuditOperation.GenerateKey] = new("CN_GENERATE_KEY", 0x17, AwsLogType.Key),
        [AuditOperation.GenerateKeyPair] = new("CN_GENERATE_KEY_PAIR", 0x19, AwsLogType.Key),
        [AuditOperation.WrapKey] = new("CN_WRAP_KEY", 0x1A, AwsLogType.Key),
        [AuditOperation.UnwrapKey] = new("CN_UNWRAP_KEY", 0x1B, AwsLogType.Key),
        [AuditOperation.DeriveKey] = Unpublished(AuditOperation.DeriveKey, "CN_DERIVE_KEY", AwsLogType.Key),
        [AuditOperation.EncapsulateKey] = Unpublished(AuditOperation.EncapsulateKey, "SR_ENCAPSULATE_KEY", AwsLogType.Key),
        [AuditOperation.DecapsulateKey] = Unpublished(AuditOperation.DecapsulateKey, "SR_DECAPSULATE_KEY", AwsLogType.Key),
        [AuditOperation.ReadSecretValue] = Unpublished(AuditOperation.ReadSecretValue, "SR_READ_SECRET_VALUE", AwsLogType.Key),
        [AuditOperation.AttestKey] = Unpublished(AuditOperation.AttestKey, "SR_ATTEST_KEY", AwsLogType.Key),
        [AuditOperation.Encrypt] = Unpublished(AuditOperation.Encrypt, "SR_ENCRYPT", AwsLogType.Use),
        [AuditOperation.Decrypt] = Unpublished(AuditOperation.Decrypt, "SR_DECRYPT", AwsLogType.Use),
        [AuditOperation.Sign] = Unpublished(AuditOperation.Sign, "SR_SIGN", AwsLogType.Use),
        [AuditOperation.Verify] = Unpublished(AuditOperation.Verify, "SR_VERIFY", AwsLogType.Use),
        [AuditOperation.Digest] = Unpublished(AuditOperation.Digest, "SR_DIGEST", AwsLogType.Use),
        [AuditOperation.SignRecover] = Unpublished(AuditOperation.SignRecover, "SR_SIGN_RECOVER", AwsLogType.Use),
        [AuditOperation.VerifyRecover] = Unpublished(AuditOperation.VerifyRecover, "SR_VERIFY_RECOVER", AwsLogType.Use),
        [AuditOperation.BackupBegin] = Unpublished(AuditOperation.BackupBegin, "CN_BACKUP_BEGIN", AwsLogType.Minimal),
        [AuditOperation.BackupEnd] = Unpublished(AuditOperation.BackupEnd, "CN_BACKUP_END", AwsLogType.Minimal),
        [AuditOperation.RestoreBegin] = Unpublished(AuditOperation.RestoreBegin, "CN_RESTORE_BEGIN", AwsLogType.Minimal),
        [AuditOperation.RestoreEnd] = Unpublished(AuditOperation.RestoreEnd, "CN_RESTORE_END", AwsLogType.Minimal),
        [AuditOperation.CreateCluster] = new("CN_INIT_TOKEN", 0x1, AwsLogType.Minimal),
        [AuditOperation.RenewCertificate] = Unpublished(AuditOperation.RenewCertificate, "SR_RENEW_CERTIFICATE", AwsLogType.Minimal),
        [AuditOperation.InitializeCluster] = new("CN_INIT_DONE", 0x95, AwsLogType.Minimal),
        [AuditOperation.InstallIdentity] = Unpublished(AuditOperation.InstallIdentity, "CN_CERT_AUTH_STORE_CERT", AwsLogType.Minimal, certificate: true),
    }.ToFrozenDictionary();

    /// <summary>How AWS calls an event. Which user was created decides about the opcode.</summary>
    public static AwsOpcode Of(EventRecord e) => (e.Operation, e.Target?.Role) switch
    {
        (AuditOperation.CreateUser, Admin) => new("CN_CREATE_CO", 0x4, AwsLogType.User),
        (AuditOperation.CreateUser, ApplianceUser) => new("CN_CREATE_APPLIANCE_USER", 0xFC, AwsLogType.User),
        _ => Table.TryGetValue(e.Operation, out var found) ? found : Unpublished(e.Operation, "SR_" + Upper(e.Operation.ToString()), AwsLogType.Minimal),
    };

    private static AwsOpcode Unpublished(AuditOperation operation, string name, AwsLogType type, bool certificate = false) => new(name, Ours | (int)operation, type, certificate);

    // GenerateRandom → GENERATE_RANDOM
    private static string Upper(string name) => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));
}
