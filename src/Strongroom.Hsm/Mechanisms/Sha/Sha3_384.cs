using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA3_384, PKCS#11 3.2, 6.21; FIPS 202.
public sealed class Sha3_384 : DigestMechanism
{
    public override ulong Number => 0x2C0;

    public override string Name => "CKM_SHA3_384";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha3_384;
}
