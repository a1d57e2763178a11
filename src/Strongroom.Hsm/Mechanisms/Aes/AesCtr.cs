using System.Buffers;
using System.Buffers.Binary;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_CTR, PKCS#11 3.2, 6.13.7; SP 800-38A 6.5. The parameter is the first counter block and how many of its last bits count: data that would make them start over is refused, since it would use a block twice.
public sealed class AesCtr : CipherMechanism
{
    private const int Block = 16;

    public override ulong Number => 0x1086;

    public override string Name => "CKM_AES_CTR";

    public override MechanismFlags Flags => MechanismFlags.Encrypt | MechanismFlags.Decrypt;

    public override KeySizes KeySizes => KeySizes.Aes;

    public override ParameterShape Shape => ParameterShape.Ctr;

    public override bool Multipart => true;

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        call.Bits is not (>= 1 and <= 128) ? MechanismCauses.CounterBits : call.Iv is { Length: Block } ? Outcome.Ok : MechanismCauses.IvLength;

    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => new(0, 0, 1, 0);

    protected override bool IsPlaintextLengthValid(in MechanismCall call, int length) => (ulong)length <= BytesLeft(call);

    protected override DrawnIv Encrypt(in MechanismCall call, SecretKey key, ClusterMode mode, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        output.Advance(BlockCipher.Encrypt(CipherAlgorithm.AesCtr, key.Value, call.Iv!.Value.Span, padding: false, data, output.Take(data.Length + 2 * Block)));
        return DrawnIv.None;
    }

    protected override bool TryDecrypt(in MechanismCall call, SecretKey key, ReadOnlySpan<byte> data, Span<byte> output, out int written)
    {
        written = 0;
        return (ulong)data.Length <= BytesLeft(call) && BlockCipher.TryDecrypt(CipherAlgorithm.AesCtr, key.Value, call.Iv!.Value.Span, padding: false, data, output, out written);
    }

    protected override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode) =>
        new StreamingOperation(new CipherStream(CipherAlgorithm.AesCtr, use == Use.Encrypt, ((SecretKey)key!).Value, call.Iv!.Value.Span, padding: false), use == Use.Encrypt, BytesLeft(call));

    // How much key stream there is before the counting bits are all zero again.
    private static ulong BytesLeft(in MechanismCall call)
    {
        var bits = (int)call.Bits!.Value;
        var counter = BinaryPrimitives.ReadUInt128BigEndian(call.Iv!.Value.Span);
        var blocks = bits == 128 ? UInt128.Zero - counter : (UInt128.One << bits) - (counter & ((UInt128.One << bits) - 1));
        return blocks == 0 || blocks > ulong.MaxValue / Block ? ulong.MaxValue : (ulong)blocks * Block;
    }
}
