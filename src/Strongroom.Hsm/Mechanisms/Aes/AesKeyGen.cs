namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_KEY_GEN, PKCS#11 3.2, 6.13.3. 16, 24 or 32 bytes.
public sealed class AesKeyGen : SecretKeyGeneration
{
    public override ulong Number => 0x1080;

    public override string Name => "CKM_AES_KEY_GEN";

    public override KeySizes KeySizes => KeySizes.Aes;

    public override KeyType? GeneratedType => KeyType.Aes;

    protected override int MinApprovedLength => 16;
}
