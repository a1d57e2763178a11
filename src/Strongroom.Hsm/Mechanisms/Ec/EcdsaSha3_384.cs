using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_ECDSA_SHA3_384, PKCS#11 3.2, 6.3.12; FIPS 186-5 6 over FIPS 202.
public sealed class EcdsaSha3_384 : EcdsaMechanism
{
    public override ulong Number => 0x1049;

    public override string Name => "CKM_ECDSA_SHA3_384";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha3_384;
}
