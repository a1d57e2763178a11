using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_RSA_X_509, PKCS#11 3.2, 6.1.11: RSA without any padding, for hosts that pad themselves. The input is a number less than the modulus; a shorter one has zeros in front.
public sealed class RsaX509 : SignatureMechanism
{
    public override ulong Number => 0x3;

    public override string Name => "CKM_RSA_X_509";

    public override KeySizes KeySizes => KeySizes.Rsa;

    protected override DigestAlgorithm? Hash => null;

    protected override KeyType KeyType => KeyType.Rsa;

    protected override MechanismFlags MoreFlags => MechanismFlags.Encrypt | MechanismFlags.Decrypt | RsaRecovery.Flags;

    protected override SignatureScheme SchemeOf(in MechanismCall call) => SignatureScheme.RsaRaw;

    protected override (int Min, int Max) InputLengths(in MechanismCall call, AsymmetricKey key) => (1, ((RsaKey)key).Size);

    protected override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) =>
        use switch
        {
            Use.Sign or Use.Verify => base.AcceptsKey(use, objectClass, type),
            Use.SignRecover or Use.VerifyRecover => RsaRecovery.Accepts(use, objectClass, type),
            _ => RsaCipher.Accepts(use, objectClass, type),
        };

    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) =>
        use switch
        {
            Use.Sign or Use.Verify or Use.SignRecover => base.LengthOf(use, call, key),
            Use.VerifyRecover => RsaRecovery.LengthOf((RsaKey)key!),
            _ => RsaCipher.LengthOf(use, RsaEncryption.Raw, (RsaKey)key!),
        };

    protected override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        var rsa = (RsaKey)key!;
        if (use is Use.Encrypt or Use.Decrypt)
        {
            return use == Use.Encrypt ? RsaCipher.Encrypt(RsaEncryption.Raw, rsa, data, output, MechanismCauses.DataLength) : RsaCipher.Decrypt(RsaEncryption.Raw, rsa, data, output);
        }

        if (use == Use.VerifyRecover)
        {
            return RsaRecovery.Recover(SignatureScheme.RsaRaw, rsa, data, output);
        }

        if (data.Length > rsa.Size)
        {
            return MechanismCauses.DataLength;
        }

        Span<byte> number = stackalloc byte[rsa.Size];
        data.CopyTo(number[(number.Length - data.Length)..]);
        return rsa.IsLess(number) ? base.PerformChecked(use == Use.SignRecover ? Use.Sign : use, call, key, mode, number, signature, output) : MechanismCauses.DataTooLarge;
    }
}
