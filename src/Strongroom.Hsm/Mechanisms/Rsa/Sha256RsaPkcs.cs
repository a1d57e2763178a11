using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA256_RSA_PKCS, PKCS#11 3.2, 6.1.13; RFC 8017 8.2 over SHA-256.
public sealed class Sha256RsaPkcs : RsaPkcsMechanism
{
    public override ulong Number => 0x40;

    public override string Name => "CKM_SHA256_RSA_PKCS";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha256;
}
