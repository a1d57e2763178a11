using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA_1_HMAC_GENERAL, PKCS#11 3.2, 6.20; FIPS 198-1, with the length that the parameter names.
public sealed class Sha1HmacGeneral : HmacMechanism
{
    public override ulong Number => 0x222;

    public override string Name => "CKM_SHA_1_HMAC_GENERAL";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha1;

    protected override KeyType OwnKeyType => KeyType.Sha1Hmac;

    protected override bool IsGeneral => true;
}
