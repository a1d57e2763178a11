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
        _ => null,
    };
}
