using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA256_RSA_PKCS_PSS, PKCS#11 3.2, 6.1.14; RFC 8017 8.1 over SHA-256, which the parameter must name too.
public sealed class Sha256RsaPkcsPss : RsaPssMechanism
{
    public override ulong Number => 0x43;

    public override string Name => "CKM_SHA256_RSA_PKCS_PSS";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha256;
}
