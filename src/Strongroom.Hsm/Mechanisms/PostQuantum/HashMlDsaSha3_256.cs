using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_HASH_ML_DSA_SHA3_256, PKCS#11 3.2, 6.67.7; FIPS 204 5.4 over FIPS 202.
public sealed class HashMlDsaSha3_256 : HashMlDsaMechanism
{
    public override ulong Number => 0x28;

    public override string Name => "CKM_HASH_ML_DSA_SHA3_256";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha3_256;
}
