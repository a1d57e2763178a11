using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_HASH_ML_DSA_SHAKE128, PKCS#11 3.2, 6.67.7; FIPS 204 5.4 over FIPS 202, with 32 bytes of output.
public sealed class HashMlDsaShake128 : HashMlDsaMechanism
{
    public override ulong Number => 0x2B;

    public override string Name => "CKM_HASH_ML_DSA_SHAKE128";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Shake128;
}
