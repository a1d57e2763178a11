using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA1_RSA_PKCS_PSS, PKCS#11 3.2, 6.1.14; RFC 8017 8.1 over SHA-1, which the parameter must name too. In FIPS mode it only verifies (SP 800-131A 3).
public sealed class Sha1RsaPkcsPss : RsaPssMechanism
{
    public override ulong Number => 0xE;

    public override string Name => "CKM_SHA1_RSA_PKCS_PSS";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha1;
}
