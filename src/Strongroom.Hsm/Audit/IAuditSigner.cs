using Strongroom.Audit;

namespace Strongroom.Hsm.Audit;

/// <summary>The HSM's identity key, as far as the audit log needs it.</summary>
public interface IAuditSigner
{
    /// <summary>SHA-256 of its SubjectPublicKeyInfo.</summary>
    AuditDigest PublicKeySha256 { get; }

    /// <summary>ECDSA with SHA-384, DER. Called about once a second.</summary>
    byte[] Sign(ReadOnlySpan<byte> data);
}
