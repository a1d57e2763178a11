using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA224_HMAC, PKCS#11 3.2, 6.19; FIPS 198-1.
public sealed class Sha224Hmac : HmacMechanism
{
    public override ulong Number => 0x256;

    public override string Name => "CKM_SHA224_HMAC";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha224;

    protected override KeyType OwnKeyType => KeyType.Sha224Hmac;
}
