using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA512_HMAC, PKCS#11 3.2, 6.22; FIPS 198-1.
public sealed class Sha512Hmac : HmacMechanism
{
    public override ulong Number => 0x271;

    public override string Name => "CKM_SHA512_HMAC";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha512;

    protected override KeyType OwnKeyType => KeyType.Sha512Hmac;
}
