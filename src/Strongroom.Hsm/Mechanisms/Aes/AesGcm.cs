using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_GCM, PKCS#11 3.2, 6.13.10; SP 800-38D. Tags under 96 bits are refused.
// In FIPS mode the HSM draws the 96-bit IV (8.2.2): the caller gives 12 zero bytes and gets it back; any other IV on encryption is refused, never replaced silently.
// A message (C_EncryptMessage) says itself who makes its IV: MessageIv.
// Outside FIPS mode the caller's IV of 1 to 128 bytes is used as it is: never repeating it under one key is the caller's duty (8.3 bounds random ones to 2^32 a key).
public sealed class AesGcm : CipherMechanism
{
    private const int DrawnIvSize = 12;

    public override ulong Number => 0x1087;

    public override string Name => "CKM_AES_GCM";

    public override MechanismFlags Flags => MechanismFlags.Encrypt | MechanismFlags.Decrypt | MechanismFlags.Wrap | MechanismFlags.Unwrap;

    public override KeySizes KeySizes => KeySizes.Aes;

    public override ParameterShape Shape => ParameterShape.Gcm;

    public override bool Multipart => true;

    public override bool Resends(Use use) => use == Use.Decrypt;

    protected override bool EncryptsMessages => true;

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode)
    {
        if (call.Bits is not (96 or 104 or 112 or 120 or 128))
        {
            return MechanismCauses.TagLength;
        }

        var iv = call.Iv.GetValueOrDefault().Span;
        if (MessageIv.IsNamed(call) && use is Use.Encrypt or Use.Wrap)
        {
            return CheckMessage(call, mode, iv.Length);
        }

        if (mode == ClusterMode.Fips && use is (Use.Encrypt or Use.Wrap))
        {
            return iv.Length == DrawnIvSize && !iv.ContainsAnyExcept((byte)0) ? Outcome.Ok : MechanismCauses.IvGiven;
        }

        return iv.Length is >= 1 and <= Aead.MaxNonceSize ? Outcome.Ok : MechanismCauses.IvLength;
    }

    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => new(0, use is Use.Encrypt or Use.Wrap ? TagSize(call) : 0, 1, 0);

    protected override DrawnIv Encrypt(in MechanismCall call, SecretKey key, ClusterMode mode, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        var drawn = Draw(call, mode);
        var length = data.Length + TagSize(call);
        Aead.Seal(key.Value, (drawn.Bytes ?? call.Iv!.Value).Span, call.Aad.GetValueOrDefault().Span, data, output.Take(length));
        output.Advance(length);
        return drawn;
    }

    protected override bool TryDecrypt(in MechanismCall call, SecretKey key, ReadOnlySpan<byte> data, Span<byte> output, out int written)
    {
        written = data.Length - TagSize(call);
        return written >= 0 && Aead.TryOpen(key.Value, call.Iv!.Value.Span, call.Aad.GetValueOrDefault().Span, data, output[..written]);
    }

    protected override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode)
    {
        var value = ((SecretKey)key!).Value;
        if (use == Use.Decrypt)
        {
            var kept = call with { Iv = call.Iv!.Value.ToArray(), Aad = call.Aad.GetValueOrDefault().ToArray() };
            return new GcmDecryption(
                (SecretKey)key, kept.Iv, kept.Aad!.Value, TagSize(call), (held, data, signature, output) => PerformChecked(use, kept, held, mode, data, signature, output).WithoutValue());
        }

        var drawn = Draw(call, mode);
        return new GcmEncryption(new AeadSealStream(value, (drawn.Bytes ?? call.Iv!.Value).Span, call.Aad.GetValueOrDefault().Span), TagSize(call), drawn, []);
    }

    private static Outcome CheckMessage(in MechanismCall call, ClusterMode mode, int ivLength)
    {
        bool fips = mode == ClusterMode.Fips;
        return fips && !MessageIv.IsDrawn(call) ? MechanismCauses.IvNotGenerated
            : ivLength is < 1 or > Aead.MaxNonceSize ? MechanismCauses.IvLength
            : fips ? MessageIv.Check(call, DrawnIvSize * 8) : MessageIv.Check(call);
    }

    private static DrawnIv Draw(in MechanismCall call, ClusterMode mode)
    {
        if (MessageIv.IsNamed(call))
        {
            return MessageIv.IsDrawn(call) ? new DrawnIv(MessageIv.Draw(call)) : DrawnIv.None;
        }

        if (mode != ClusterMode.Fips)
        {
            return DrawnIv.None;
        }

        var iv = new byte[DrawnIvSize];
        RandomSource.Fill(iv);
        return new DrawnIv(iv);
    }

    private static int TagSize(in MechanismCall call) => (int)(call.Bits!.Value / 8);
}
