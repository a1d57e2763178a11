using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA256_HMAC_GENERAL, PKCS#11 3.2, 6.20; FIPS 198-1, with the length that the parameter names.
public sealed class Sha256HmacGeneral : HmacMechanism
{
    public override ulong Number => 0x252;

    public override string Name => "CKM_SHA256_HMAC_GENERAL";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha256;

    protected override KeyType OwnKeyType => KeyType.Sha256Hmac;

    protected override bool IsGeneral => true;
}
