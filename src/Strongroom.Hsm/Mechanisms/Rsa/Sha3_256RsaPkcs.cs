using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA3_256_RSA_PKCS, PKCS#11 3.2, 6.1.13; RFC 8017 8.2 over FIPS 202.
public sealed class Sha3_256RsaPkcs : RsaPkcsMechanism
{
    public override ulong Number => 0x60;

    public override string Name => "CKM_SHA3_256_RSA_PKCS";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha3_256;
}
