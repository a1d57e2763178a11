using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA_1_HMAC, PKCS#11 3.2, 6.18; FIPS 198-1.
public sealed class Sha1Hmac : HmacMechanism
{
    public override ulong Number => 0x221;

    public override string Name => "CKM_SHA_1_HMAC";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha1;

    protected override KeyType OwnKeyType => KeyType.Sha1Hmac;
}
