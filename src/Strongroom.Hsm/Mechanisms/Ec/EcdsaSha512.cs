using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_ECDSA_SHA512, PKCS#11 3.2, 6.3.12; FIPS 186-5 6 over SHA-512.
public sealed class EcdsaSha512 : EcdsaMechanism
{
    public override ulong Number => 0x1046;

    public override string Name => "CKM_ECDSA_SHA512";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha512;
}
