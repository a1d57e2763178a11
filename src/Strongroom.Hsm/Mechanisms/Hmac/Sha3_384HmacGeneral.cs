using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA3_384_HMAC_GENERAL, PKCS#11 3.2, 6.21; FIPS 198-1, with the length that the parameter names.
public sealed class Sha3_384HmacGeneral : HmacMechanism
{
    public override ulong Number => 0x2C2;

    public override string Name => "CKM_SHA3_384_HMAC_GENERAL";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha3_384;

    protected override KeyType OwnKeyType => KeyType.Sha3_384Hmac;

    protected override bool IsGeneral => true;
}
