using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA384, PKCS#11 3.2, 6.21; FIPS 180-4.
public sealed class Sha384 : DigestMechanism
{
    public override ulong Number => 0x260;

    public override string Name => "CKM_SHA384";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha384;
}
