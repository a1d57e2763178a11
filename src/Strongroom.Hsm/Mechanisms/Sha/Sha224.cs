using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA224, PKCS#11 3.2, 6.19; FIPS 180-4.
public sealed class Sha224 : DigestMechanism
{
    public override ulong Number => 0x255;

    public override string Name => "CKM_SHA224";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha224;
}
