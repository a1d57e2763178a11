namespace Strongroom.Hsm.Mechanisms;

// CKM_EC_EDWARDS_KEY_PAIR_GEN, PKCS#11 3.2, 6.3.10; FIPS 186-5 A.2.3: Ed25519.
public sealed class EcEdwardsKeyPairGen : RawKeyPairGeneration
{
    public override ulong Number => 0x1055;

    public override string Name => "CKM_EC_EDWARDS_KEY_PAIR_GEN";

    public override KeyType? GeneratedType => KeyType.EcEdwards;
}
