using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strongroom.Crypto;

namespace Strongroom.Node.Birth;

/// <summary>Signs X.509 requests and certificates with a key that stays in libcrypto: ECDSA with SHA-256 on P-256, with SHA-384 on P-384 (RFC 5758).</summary>
internal sealed class KeySignatures(EvpKey key) : X509SignatureGenerator
{
    // AlgorithmIdentifiers of RFC 5758 3.2; ECDSA has no parameters.
    private static readonly byte[] EcdsaWithSha256 = [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
    private static readonly byte[] EcdsaWithSha384 = [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03];

    private readonly bool _isP384 = key.Curve == EcCurve.P384;

    /// <summary>The hash that goes with the key's curve.</summary>
    public HashAlgorithmName Hash => _isP384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    /// <inheritdoc/>
    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => _isP384 ? EcdsaWithSha384 : EcdsaWithSha256;

    /// <inheritdoc/>
    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
    {
        ArgumentNullException.ThrowIfNull(data);
        var algorithm = _isP384 ? DigestAlgorithm.Sha384 : DigestAlgorithm.Sha256;
        Span<byte> digest = stackalloc byte[algorithm.Size];
        Digest.Compute(algorithm, data, digest);
        Span<byte> plain = stackalloc byte[key.SignatureSize];
        key.Sign(SignatureScheme.Ecdsa, digest, plain);
        var der = new byte[EcdsaSignature.MaxDerSize(plain.Length / 2)];
        return der[..EcdsaSignature.ToDer(plain, der)];
    }

    /// <inheritdoc/>
    protected override PublicKey BuildPublicKey() => PublicKeyOf(key);

    /// <summary>The public half as .NET's certificates want it.</summary>
    public static PublicKey PublicKeyOf(EvpKey key) => PublicKey.CreateFromSubjectPublicKeyInfo(key.SubjectPublicKeyInfo(), out _);
}
