using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_CLOUDHSM_AES_GCM, CloudHSM's vendor mechanism: the HSM draws the 96-bit IV (SP 800-38D 8.2.2) and puts it in front of the ciphertext, from where it takes it on decryption; the parameter has no IV.
public sealed class CloudHsmAesGcm : CipherMechanism
{
    private const int IvSize = 12;

    public override ulong Number => 0x80001087;

    public override string Name => "CKM_CLOUDHSM_AES_GCM";

    public override MechanismFlags Flags => MechanismFlags.Encrypt | MechanismFlags.Decrypt | MechanismFlags.Wrap | MechanismFlags.Unwrap;

    public override KeySizes KeySizes => KeySizes.Aes;

    public override ParameterShape Shape => ParameterShape.Gcm;

    public override bool Multipart => true;

    public override bool Resends(Use use) => use == Use.Decrypt;

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        call.Bits is not (96 or 104 or 112 or 120 or 128) ? MechanismCauses.TagLength
        : call.Iv.GetValueOrDefault().IsEmpty ? Outcome.Ok : MechanismCauses.IvUnwanted;

    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => new(0, use is Use.Encrypt or Use.Wrap ? IvSize + TagSize(call) : 0, 1, 0);

    protected override DrawnIv Encrypt(in MechanismCall call, SecretKey key, ClusterMode mode, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        var length = IvSize + data.Length + TagSize(call);
        var result = output.Take(length);
        RandomSource.Fill(result[..IvSize]);
        Aead.Seal(key.Value, result[..IvSize], call.Aad.GetValueOrDefault().Span, data, result[IvSize..]);
        output.Advance(length);
        return DrawnIv.None;
    }

    protected override bool TryDecrypt(in MechanismCall call, SecretKey key, ReadOnlySpan<byte> data, Span<byte> output, out int written)
    {
        written = data.Length - IvSize - TagSize(call);
        return written >= 0 && Aead.TryOpen(key.Value, data[..IvSize], call.Aad.GetValueOrDefault().Span, data[IvSize..], output[..written]);
    }

    protected override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode)
    {
        if (use == Use.Decrypt)
        {
            var kept = call with { Aad = call.Aad.GetValueOrDefault().ToArray() };
            return new GcmDecryption((SecretKey)key!, null, kept.Aad!.Value, TagSize(call), (held, data, signature, output) => PerformChecked(use, kept, held, mode, data, signature, output).WithoutValue());
        }

        var iv = new byte[IvSize];
        RandomSource.Fill(iv);
        return new GcmEncryption(new AeadSealStream(((SecretKey)key!).Value, iv, call.Aad.GetValueOrDefault().Span), TagSize(call), DrawnIv.None, iv);
    }

    private static int TagSize(in MechanismCall call) => (int)(call.Bits!.Value / 8);
}
