using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_ECDSA_SHA1, PKCS#11 3.2, 6.3.12; FIPS 186-5 6 over SHA-1. In FIPS mode it only verifies (SP 800-131A 3).
public sealed class EcdsaSha1 : EcdsaMechanism
{
    public override ulong Number => 0x1042;

    public override string Name => "CKM_ECDSA_SHA1";

    protected override DigestAlgorithm? Hash => DigestAlgorithm.Sha1;
}
