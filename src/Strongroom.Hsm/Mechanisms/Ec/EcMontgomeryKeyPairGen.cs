namespace Strongroom.Hsm.Mechanisms;

// CKM_EC_MONTGOMERY_KEY_PAIR_GEN, PKCS#11 3.2, 6.3.10; RFC 7748: X25519, which SP 800-56A does not approve.
public sealed class EcMontgomeryKeyPairGen : RawKeyPairGeneration
{
    public override ulong Number => 0x1056;

    public override string Name => "CKM_EC_MONTGOMERY_KEY_PAIR_GEN";

    public override Approval Approval => Approval.None;

    public override KeyType? GeneratedType => KeyType.EcMontgomery;
}
