using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_ECDSA_SHA224, PKCS#11 3.2, 6.3.12; FIPS 186-5 6 over SHA-224.
public sealed class EcdsaSha224 : EcdsaMechanism
{
    public override ulong Number => 0x1043;

    public override string Name => "CKM_ECDSA_SHA224";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha224;
}
