using System.Security.Cryptography;
using Strongroom.Audit;
using Strongroom.Crypto;
using Strongroom.Hsm.Audit;

namespace Strongroom.Node.Birth;

/// <summary>Signs the heads of the audit log with the HSM's identity key, for which the ceremony issued certificates.</summary>
internal sealed class IdentitySigner(EvpKey key) : IAuditSigner
{
    private readonly KeySignatures _signatures = new(key);

    /// <inheritdoc/>
    public AuditDigest PublicKeySha256 { get; } = AuditDigest.From(SHA256.HashData(key.SubjectPublicKeyInfo()));

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> data) => _signatures.SignData(data.ToArray(), _signatures.Hash);
}
