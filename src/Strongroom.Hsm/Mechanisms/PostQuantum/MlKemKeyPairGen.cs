namespace Strongroom.Hsm.Mechanisms;

// CKM_ML_KEM_KEY_PAIR_GEN, PKCS#11 3.2, 6.68.4; FIPS 203 7.1. CKA_PARAMETER_SET in the public template names the set. BouncyCastle: NON_FIPS only.
public sealed class MlKemKeyPairGen : PostQuantumKeyPairGeneration
{
    public override ulong Number => 0xF;

    public override string Name => "CKM_ML_KEM_KEY_PAIR_GEN";

    public override KeySizes KeySizes => KeySizes.MlKem;

    public override KeyType? GeneratedType => KeyType.MlKem;
}
