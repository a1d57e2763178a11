namespace Strongroom.Crypto;

/// <summary>A signature scheme with everything that libcrypto must know before it sees the input. Small and comparable: it is the key of the cache of ready contexts.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Digest">The hash that made the input; Pkcs1 may go without, Ecdsa always does.</param>
/// <param name="Mgf">Pss: the hash of the mask generation function.</param>
/// <param name="SaltLength">Pss: bytes.</param>
public readonly record struct SignatureScheme(SignatureKind Kind, DigestAlgorithm? Digest = null, DigestAlgorithm? Mgf = null, int SaltLength = 0)
{
    /// <summary>PKCS#1 v1.5 over whatever the caller gives.</summary>
    public static SignatureScheme Pkcs1Raw => new(SignatureKind.Pkcs1);

    /// <summary>RSA without padding.</summary>
    public static SignatureScheme RsaRaw => new(SignatureKind.Raw);

    /// <summary>ECDSA over a hash.</summary>
    public static SignatureScheme Ecdsa => new(SignatureKind.Ecdsa);

    /// <summary>PKCS#1 v1.5 over a hash.</summary>
    public static SignatureScheme Pkcs1(DigestAlgorithm digest) => new(SignatureKind.Pkcs1, digest);

    /// <summary>PSS over a hash.</summary>
    public static SignatureScheme Pss(DigestAlgorithm digest, DigestAlgorithm mgf, int saltLength) => new(SignatureKind.Pss, digest, mgf, saltLength);
}
