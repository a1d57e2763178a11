using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA3_224, PKCS#11 3.2, 6.21; FIPS 202.
public sealed class Sha3_224 : DigestMechanism
{
    public override ulong Number => 0x2B5;

    public override string Name => "CKM_SHA3_224";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha3_224;
}
