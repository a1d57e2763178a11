using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_ML_KEM, PKCS#11 3.2, 6.68.5; FIPS 203 7.2 and 7.3: a public key encapsulates a fresh secret of 32 bytes, the private key finds it. A ciphertext that nobody made gives a key that nobody knows. BouncyCastle: NON_FIPS only.
public sealed class MlKemMechanism : Mechanism
{
    public override ulong Number => 0x17;

    public override string Name => "CKM_ML_KEM";

    public override MechanismFlags Flags => MechanismFlags.Encapsulate | MechanismFlags.Decapsulate;

    public override KeySizes KeySizes => KeySizes.MlKem;

    public override Approval Approval => Approval.None;

    protected override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) =>
        type == KeyType.MlKem && objectClass == (use == Use.Encapsulate ? ObjectClass.PublicKey : ObjectClass.PrivateKey);

    // What C_EncapsulateKey asks for when it is asked for a length.
    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => new(SetOf(key!).CiphertextSize, 0, 1, 0);

    protected override int? NaturalLength(in MechanismCall call, KeyMaterial baseKey) => MlKemParameterSet.SecretSize;

    protected override Outcome<SecretBuffer> EncapsulateChecked(in MechanismCall call, KeyMaterial publicKey, out byte[] ciphertext)
    {
        ciphertext = new byte[SetOf(publicKey).CiphertextSize];
        return MlKem.Encapsulate(SetOf(publicKey), ((PostQuantumKey)publicKey).PublicKey, ciphertext) is { } secret ? secret : KeyCauses.Inconsistent;
    }

    protected override Outcome<SecretBuffer> DecapsulateChecked(in MechanismCall call, KeyMaterial privateKey, ReadOnlySpan<byte> ciphertext) =>
        ciphertext.Length == SetOf(privateKey).CiphertextSize ? MlKem.Decapsulate(SetOf(privateKey), ((PostQuantumKey)privateKey).Secret, ciphertext) : MechanismCauses.CiphertextLength;

    private static MlKemParameterSet SetOf(KeyMaterial key) => (MlKemParameterSet)((PostQuantumKey)key).Set;
}
