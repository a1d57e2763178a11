using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA512_RSA_PKCS_PSS, PKCS#11 3.2, 6.1.14; RFC 8017 8.1 over SHA-512, which the parameter must name too.
public sealed class Sha512RsaPkcsPss : RsaPssMechanism
{
    public override ulong Number => 0x45;

    public override string Name => "CKM_SHA512_RSA_PKCS_PSS";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha512;
}
