using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA384_RSA_PKCS, PKCS#11 3.2, 6.1.13; RFC 8017 8.2 over SHA-384.
public sealed class Sha384RsaPkcs : RsaPkcsMechanism
{
    public override ulong Number => 0x41;

    public override string Name => "CKM_SHA384_RSA_PKCS";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha384;
}
