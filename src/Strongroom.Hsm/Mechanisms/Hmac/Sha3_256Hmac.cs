using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA3_256_HMAC, PKCS#11 3.2, 6.21; FIPS 198-1 over FIPS 202.
public sealed class Sha3_256Hmac : HmacMechanism
{
    public override ulong Number => 0x2B1;

    public override string Name => "CKM_SHA3_256_HMAC";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha3_256;

    protected override KeyType OwnKeyType => KeyType.Sha3_256Hmac;
}
