using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_ECDSA_SHA256, PKCS#11 3.2, 6.3.12; FIPS 186-5 6 over SHA-256.
public sealed class EcdsaSha256 : EcdsaMechanism
{
    public override ulong Number => 0x1044;

    public override string Name => "CKM_ECDSA_SHA256";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha256;
}
