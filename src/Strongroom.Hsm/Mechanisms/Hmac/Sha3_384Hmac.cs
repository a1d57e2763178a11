using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA3_384_HMAC, PKCS#11 3.2, 6.21; FIPS 198-1 over FIPS 202.
public sealed class Sha3_384Hmac : HmacMechanism
{
    public override ulong Number => 0x2C1;

    public override string Name => "CKM_SHA3_384_HMAC";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha3_384;

    protected override KeyType OwnKeyType => KeyType.Sha3_384Hmac;
}
