using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA224_HMAC_GENERAL, PKCS#11 3.2, 6.20; FIPS 198-1, with the length that the parameter names.
public sealed class Sha224HmacGeneral : HmacMechanism
{
    public override ulong Number => 0x257;

    public override string Name => "CKM_SHA224_HMAC_GENERAL";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha224;

    protected override KeyType OwnKeyType => KeyType.Sha224Hmac;

    protected override bool IsGeneral => true;
}
