using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA1_RSA_PKCS, PKCS#11 3.2, 6.1.13; RFC 8017 8.2 over SHA-1. In FIPS mode it only verifies (SP 800-131A 3).
public sealed class Sha1RsaPkcs : RsaPkcsMechanism
{
    public override ulong Number => 0x6;

    public override string Name => "CKM_SHA1_RSA_PKCS";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha1;
}
