using Strongroom.Wire;

namespace Strongroom.Cli.Crypto;

/// <summary>Mechanism numbers (CKM_) of PKCS#11 3.2 and CloudHSM that the commands use, and their parameters on the wire.</summary>
internal static class Mechanisms
{
    public const ulong RsaKeyPairGen = 0x0;
    public const ulong RsaPkcs = 0x1;
    public const ulong RsaPkcsPss = 0xD;
    public const ulong EcKeyPairGen = 0x1040;
    public const ulong Ecdsa = 0x1041;
    public const ulong EcEdwardsKeyPairGen = 0x1055;
    public const ulong Eddsa = 0x1057;
    public const ulong GenericSecretKeyGen = 0x350;
    public const ulong AesKeyGen = 0x1080;
    public const ulong RsaPkcsOaep = 0x9;
    public const ulong RsaAesKeyWrap = 0x1054;
    public const ulong AesKeyWrap = 0x2109;
    public const ulong AesKeyWrapKwp = 0x210B;
    public const ulong CloudHsmAesGcm = 0x80001087;
    public const ulong CloudHsmAesKeyWrapPkcs5Pad = 0x8000210A;

    public const ulong MlDsaKeyPairGen = 0x1C;
    public const ulong MlDsaPure = 0x1D;
    public const ulong MlDsaExternalMu = 0xD352001D;
    public const ulong Ecdh1Derive = 0x1050;

    private const ulong X963Sha256 = 6; // CKD_SHA256_KDF
    private const ulong TemporaryKeyBits = 256;

    /// <summary>A mechanism without a parameter.</summary>
    public static WireMechanism Plain(ulong number) => new(number, (ulong)Shape.None, null, null, null, null, null, null, null);

    /// <summary>RSASSA-PSS of a digest.</summary>
    /// <param name="hash">CKM_ number of the hash</param>
    /// <param name="mgf">CKG_ number</param>
    /// <param name="saltBytes">length of the salt</param>
    public static WireMechanism Pss(ulong hash, ulong mgf, ulong saltBytes) => new(RsaPkcsPss, (ulong)Shape.Pss, null, null, saltBytes, hash, mgf, null, null);

    /// <summary>ECDH with X9.63's key derivation over SHA-256.</summary>
    /// <param name="point">the other side's public key, uncompressed</param>
    /// <param name="sharedInfo">goes into the derivation</param>
    public static WireMechanism EcdhX963Sha256(byte[] point, byte[] sharedInfo) => new(Ecdh1Derive, (ulong)Shape.Ecdh, point, sharedInfo, null, X963Sha256, null, null, null);

    /// <summary>ML-DSA without a context.</summary>
    public static WireMechanism MlDsa() => new(MlDsaPure, (ulong)Shape.SignContext, null, null, null, null, null, null, null);

    /// <summary>ML-DSA of a message representative that the caller computed.</summary>
    public static WireMechanism MlDsaOfMu() => new(MlDsaExternalMu, (ulong)Shape.SignContext, null, null, null, null, null, null, null);

    /// <summary>Ed25519.</summary>
    public static WireMechanism Ed25519() => new(Eddsa, (ulong)Shape.Eddsa, null, null, 0, null, null, null, null);

    /// <summary>Ed25519ph of a SHA-512 digest.</summary>
    public static WireMechanism Ed25519OfDigest() => new(Eddsa, (ulong)Shape.Eddsa, null, null, 2, null, null, null, null);

    /// <summary>AES-GCM whose IV the HSM draws and puts in front of the ciphertext.</summary>
    /// <param name="aad">associated data, or null</param>
    /// <param name="tagBits">length of the tag</param>
    public static WireMechanism Gcm(byte[]? aad, ulong tagBits) => new(CloudHsmAesGcm, (ulong)Shape.Gcm, null, aad, tagBits, null, null, null, null);

    /// <summary>RSAES-OAEP without a label.</summary>
    /// <param name="hash">CKM_ number of the hash</param>
    /// <param name="mgf">CKG_ number</param>
    public static WireMechanism Oaep(ulong hash, ulong mgf) => new(RsaPkcsOaep, (ulong)Shape.Oaep, null, null, null, hash, mgf, null, null);

    /// <summary>RSA-OAEP around an AES key of 256 bits, which wraps.</summary>
    /// <param name="hash">CKM_ number of the hash</param>
    /// <param name="mgf">CKG_ number</param>
    public static WireMechanism RsaAes(ulong hash, ulong mgf) => new(RsaAesKeyWrap, (ulong)Shape.RsaAesWrap, null, null, TemporaryKeyBits, hash, mgf, null, null);
}
