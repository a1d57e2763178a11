using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA512_HMAC_GENERAL, PKCS#11 3.2, 6.20; FIPS 198-1, with the length that the parameter names.
public sealed class Sha512HmacGeneral : HmacMechanism
{
    public override ulong Number => 0x272;

    public override string Name => "CKM_SHA512_HMAC_GENERAL";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha512;

    protected override KeyType OwnKeyType => KeyType.Sha512Hmac;

    protected override bool IsGeneral => true;
}
