using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_RSA_PKCS_PSS, PKCS#11 3.2, 6.1.10; RFC 8017 8.1 without the hashing: the input is a hash as long as the parameter's hash makes them.
public sealed class RsaPkcsPss : RsaPssMechanism
{
    public override ulong Number => 0xD;

    public override string Name => "CKM_RSA_PKCS_PSS";

    protected override DigestAlgorithm? Hash => null;
}
