using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_HASH_ML_DSA_SHAKE256, PKCS#11 3.2, 6.67.7; FIPS 204 5.4 over FIPS 202, with 64 bytes of output.
public sealed class HashMlDsaShake256 : HashMlDsaMechanism
{
    public override ulong Number => 0x2C;

    public override string Name => "CKM_HASH_ML_DSA_SHAKE256";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Shake256;
}
