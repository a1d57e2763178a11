namespace Strongroom.Hsm.Mechanisms;

// CKM_ML_DSA_KEY_PAIR_GEN, PKCS#11 3.2, 6.67.4; FIPS 204 6.1. CKA_PARAMETER_SET in the public template names the set. BouncyCastle: NON_FIPS only.
public sealed class MlDsaKeyPairGen : PostQuantumKeyPairGeneration
{
    public override ulong Number => 0x1C;

    public override string Name => "CKM_ML_DSA_KEY_PAIR_GEN";

    public override KeySizes KeySizes => KeySizes.MlDsa;

    public override KeyType? GeneratedType => KeyType.MlDsa;
}
