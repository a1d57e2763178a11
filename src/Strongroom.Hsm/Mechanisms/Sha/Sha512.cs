using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA512, PKCS#11 3.2, 6.22; FIPS 180-4.
public sealed class Sha512 : DigestMechanism
{
    public override ulong Number => 0x270;

    public override string Name => "CKM_SHA512";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha512;
}
