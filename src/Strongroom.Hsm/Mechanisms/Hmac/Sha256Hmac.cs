using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA256_HMAC, PKCS#11 3.2, 6.20; FIPS 198-1.
public sealed class Sha256Hmac : HmacMechanism
{
    public override ulong Number => 0x251;

    public override string Name => "CKM_SHA256_HMAC";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha256;

    protected override KeyType OwnKeyType => KeyType.Sha256Hmac;
}
