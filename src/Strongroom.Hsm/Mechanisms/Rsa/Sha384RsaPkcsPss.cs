using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA384_RSA_PKCS_PSS, PKCS#11 3.2, 6.1.14; RFC 8017 8.1 over SHA-384, which the parameter must name too.
public sealed class Sha384RsaPkcsPss : RsaPssMechanism
{
    public override ulong Number => 0x44;

    public override string Name => "CKM_SHA384_RSA_PKCS_PSS";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha384;
}
