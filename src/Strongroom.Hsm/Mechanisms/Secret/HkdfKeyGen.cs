namespace Strongroom.Hsm.Mechanisms;

// CKM_HKDF_KEY_GEN, PKCS#11 3.2, 6.62: a random key for HKDF alone.
public sealed class HkdfKeyGen : SecretKeyGeneration
{
    public override ulong Number => 0x402C;

    public override string Name => "CKM_HKDF_KEY_GEN";

    public override KeySizes KeySizes => KeySizes.Secret;

    public override KeyType? GeneratedType => KeyType.Hkdf;

    protected override int MinApprovedLength => 14;
}
