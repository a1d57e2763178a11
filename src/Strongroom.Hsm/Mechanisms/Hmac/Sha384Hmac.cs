using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA384_HMAC, PKCS#11 3.2, 6.21; FIPS 198-1.
public sealed class Sha384Hmac : HmacMechanism
{
    public override ulong Number => 0x261;

    public override string Name => "CKM_SHA384_HMAC";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha384;

    protected override KeyType OwnKeyType => KeyType.Sha384Hmac;
}
