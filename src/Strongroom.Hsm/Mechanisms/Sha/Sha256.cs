using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA256, PKCS#11 3.2, 6.20; FIPS 180-4.
public sealed class Sha256 : DigestMechanism
{
    public override ulong Number => 0x250;

    public override string Name => "CKM_SHA256";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha256;
}
