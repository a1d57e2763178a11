using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA3_256, PKCS#11 3.2, 6.21; FIPS 202.
public sealed class Sha3_256 : DigestMechanism
{
    public override ulong Number => 0x2B0;

    public override string Name => "CKM_SHA3_256";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha3_256;
}
