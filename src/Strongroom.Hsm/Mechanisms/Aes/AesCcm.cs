using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_CCM, PKCS#11 3.2, 6.13.11; SP 800-38C. The parameter tells the length of the plaintext; on decryption that of ciphertext and tag is taken too, since callers do both. The caller's nonce of 7 to 13 bytes
// is used as it is: never repeating it under one key is the caller's duty. libcrypto computes the mode in one piece (EVP_EncryptInit(3), "CCM Mode"), so that parts are held back until the end;
// and it wraps no keys, since a caller can't know how long a key will be in its encoding.
public sealed class AesCcm : CipherMechanism
{
    public override ulong Number => 0x1088;

    public override string Name => "CKM_AES_CCM";

    public override MechanismFlags Flags => MechanismFlags.Encrypt | MechanismFlags.Decrypt;

    public override KeySizes KeySizes => KeySizes.Aes;

    public override ParameterShape Shape => ParameterShape.Ccm;

    public override bool Multipart => true;

    protected override bool EncryptsMessages => true;

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode)
    {
        if (call.Bits is not (4 or 6 or 8 or 10 or 12 or 14 or 16))
        {
            return MechanismCauses.CcmTag;
        }

        var nonce = call.Iv.GetValueOrDefault().Length;
        return nonce is < Ccm.MinNonceSize or > Ccm.MaxNonceSize ? MechanismCauses.IvLength
            : use == Use.Encrypt && MessageIv.IsNamed(call) && MessageIv.Check(call) is { IsOk: false } refused ? refused
            : call.Length is { } length && IsWithinMode(length, nonce) ? Outcome.Ok : MechanismCauses.CcmLength;
    }

    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => new(0, use == Use.Encrypt ? TagSize(call) : 0, 1, 0);

    protected override bool IsPlaintextLengthValid(in MechanismCall call, int length) => (ulong)length == call.Length!.Value;

    protected override DrawnIv Encrypt(in MechanismCall call, SecretKey key, ClusterMode mode, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        var length = data.Length + TagSize(call);
        DrawnIv drawn = MessageIv.IsDrawn(call) ? new DrawnIv(MessageIv.Draw(call)) : DrawnIv.None;
        Ccm.Seal(key.Value, (drawn.Bytes ?? call.Iv!.Value).Span, call.Aad.GetValueOrDefault().Span, data, output.Take(length));
        output.Advance(length);
        return drawn;
    }

    protected override bool TryDecrypt(in MechanismCall call, SecretKey key, ReadOnlySpan<byte> data, Span<byte> output, out int written)
    {
        written = data.Length - TagSize(call);
        return written >= 0 && ((ulong)written == call.Length!.Value || (ulong)data.Length == call.Length!.Value)
            && Ccm.TryOpen(key.Value, call.Iv!.Value.Span, call.Aad.GetValueOrDefault().Span, data, output[..written]);
    }

    protected override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode)
    {
        // The operation outlives the request whose memory the parameter stands in.
        var drawn = use == Use.Encrypt && MessageIv.IsDrawn(call) ? new DrawnIv(MessageIv.Draw(call)) : DrawnIv.None;
        var kept = call with { Iv = (drawn.Bytes ?? call.Iv!.Value).ToArray(), Aad = call.Aad.GetValueOrDefault().ToArray(), Hash = null };
        return new HeldBackOperation(use, key!, (held, data, signature, output) => PerformChecked(use, kept, held, mode, data, signature, output).WithoutValue(), drawn);
    }

    // SP 800-38C A.1: the length must fit into the 15 - n bytes that the nonce leaves.
    private static bool IsWithinMode(ulong length, int nonce) => length <= int.MaxValue && (nonce < 12 || length < 1UL << (8 * (15 - nonce)));

    private static int TagSize(in MechanismCall call) => (int)call.Bits!.Value;
}
