namespace Strongroom.Audit.Exports;

/// <summary>What AWS's log says besides the common fields.</summary>
public enum AwsLogType
{
    Minimal = 0,
    Key = 1,
    User = 2,

    /// <summary>Ours: the use of a key, which AWS does not log.</summary>
    Use = 0x80,
}

/// <summary>How AWS's audit log calls an operation.</summary>
/// <param name="Name">CN_… where AWS has the operation, SR_… where it is ours.</param>
/// <param name="Number">AWS's where it is published; else ours, 0x8000 and the number of the <see cref="AuditOperation"/>.</param>
/// <param name="IsCertificate">CN_CERT_AUTH_CMD (0x9) instead of CN_MGMT_CMD (0x0).</param>
public readonly record struct AwsOpcode(string Name, int Number, AwsLogType LogType, bool IsCertificate = false);
