using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>What AES-CBC (SP 800-38A) with and without padding share. The parameter is the 16-byte IV, which the caller chooses; nothing authenticates the ciphertext.</summary>
public abstract class AesCbcMechanism : CipherMechanism
{
    private const int Block = 16;

    public sealed override KeySizes KeySizes => KeySizes.Aes;

    public sealed override ParameterShape Shape => ParameterShape.Bytes;

    public sealed override bool Multipart => true;

    /// <summary>Whether PKCS#7 padding is added and taken away.</summary>
    protected abstract bool Pads { get; }

    protected sealed override bool IsPlaintextLengthValid(int length) => Pads || length % Block == 0;

    protected sealed override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        call.Iv is { Length: Block } ? Outcome.Ok : MechanismCauses.IvLength;

    protected sealed override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) =>
        Pads && use is (Use.Encrypt or Use.Wrap) ? new OutputLength(0, 1, Block, 0) : new OutputLength(0, 0, 1, 0);

    protected sealed override DrawnIv Encrypt(in MechanismCall call, SecretKey key, ClusterMode mode, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        output.Advance(BlockCipher.Encrypt(CipherAlgorithm.AesCbc, key.Value, call.Iv!.Value.Span, Pads, data, output.Take(data.Length + 2 * Block)));
        return DrawnIv.None;
    }

    protected sealed override bool TryDecrypt(in MechanismCall call, SecretKey key, ReadOnlySpan<byte> data, Span<byte> output, out int written) =>
        BlockCipher.TryDecrypt(CipherAlgorithm.AesCbc, key.Value, call.Iv!.Value.Span, Pads, data, output, out written);

    protected sealed override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode) =>
        new StreamingOperation(new CipherStream(CipherAlgorithm.AesCbc, use == Use.Encrypt, ((SecretKey)key!).Value, call.Iv!.Value.Span, Pads), use == Use.Encrypt);
}
