using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_HASH_ML_DSA_SHA224, PKCS#11 3.2, 6.67.7; FIPS 204 5.4 over FIPS 180-4.
public sealed class HashMlDsaSha224 : HashMlDsaMechanism
{
    public override ulong Number => 0x23;

    public override string Name => "CKM_HASH_ML_DSA_SHA224";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha224;
}
