using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// Hashes and mask generation functions as parameters name them: CKM_SHA… and CKG_MGF1_SHA… (PKCS#11 3.2, 6.1.8).
internal static class HashMechanisms
{
    /// <summary>The hash of a CKM_ number, or null.</summary>
    public static DigestAlgorithm? FromMechanism(ulong? number) => number switch
    {
        0x220 => DigestAlgorithm.Sha1,
        0x250 => DigestAlgorithm.Sha256,
        0x255 => DigestAlgorithm.Sha224,
        0x260 => DigestAlgorithm.Sha384,
        0x270 => DigestAlgorithm.Sha512,
        0x2B0 => DigestAlgorithm.Sha3_256,
        0x2B5 => DigestAlgorithm.Sha3_224,
        0x2C0 => DigestAlgorithm.Sha3_384,
        0x2D0 => DigestAlgorithm.Sha3_512,
        _ => null,
    };

    /// <summary>The hash of a CKG_MGF1_ number, or null.</summary>
    public static DigestAlgorithm? FromMgf(ulong? number) => number switch
    {
        0x1 => DigestAlgorithm.Sha1,
        0x2 => DigestAlgorithm.Sha256,
        0x3 => DigestAlgorithm.Sha384,
        0x4 => DigestAlgorithm.Sha512,
        0x5 => DigestAlgorithm.Sha224,
        0x6 => DigestAlgorithm.Sha3_224,
        0x7 => DigestAlgorithm.Sha3_256,
        0x8 => DigestAlgorithm.Sha3_384,
        0x9 => DigestAlgorithm.Sha3_512,
        _ => null,
    };
}
