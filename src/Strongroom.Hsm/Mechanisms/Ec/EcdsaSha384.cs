using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_ECDSA_SHA384, PKCS#11 3.2, 6.3.12; FIPS 186-5 6 over SHA-384.
public sealed class EcdsaSha384 : EcdsaMechanism
{
    public override ulong Number => 0x1045;

    public override string Name => "CKM_ECDSA_SHA384";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha384;
}
