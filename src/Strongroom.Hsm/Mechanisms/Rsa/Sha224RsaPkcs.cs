using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA224_RSA_PKCS, PKCS#11 3.2, 6.1.13; RFC 8017 8.2 over SHA-224.
public sealed class Sha224RsaPkcs : RsaPkcsMechanism
{
    public override ulong Number => 0x46;

    public override string Name => "CKM_SHA224_RSA_PKCS";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha224;
}
