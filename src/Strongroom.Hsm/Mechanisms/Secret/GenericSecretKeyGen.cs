namespace Strongroom.Hsm.Mechanisms;

// CKM_GENERIC_SECRET_KEY_GEN, PKCS#11 3.2, 6.10.3. 1 to 800 bytes; in FIPS mode at least 14, the 112 bits that an HMAC key needs.
public sealed class GenericSecretKeyGen : SecretKeyGeneration
{
    public override ulong Number => 0x350;

    public override string Name => "CKM_GENERIC_SECRET_KEY_GEN";

    public override KeySizes KeySizes => KeySizes.Secret;

    public override KeyType? GeneratedType => KeyType.GenericSecret;

    protected override int MinApprovedLength => 14;
}
