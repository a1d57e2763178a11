using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>The family of ECB and CBC (SP 800-38A), with and without padding. CBC's parameter is the IV of one block, which the caller chooses; nothing authenticates the ciphertext.</summary>
public abstract class BlockCipherMechanism : CipherMechanism
{
    public sealed override KeySizes KeySizes => KeyType == KeyType.Des3 ? KeySizes.Des3 : KeySizes.Aes;

    public sealed override ParameterShape Shape => Cipher.IvSize == 0 ? ParameterShape.None : ParameterShape.Bytes;

    public sealed override bool Multipart => true;

    public override MechanismFlags Flags => MechanismFlags.Encrypt | MechanismFlags.Decrypt;

    /// <summary>Cipher and mode.</summary>
    protected abstract CipherAlgorithm Cipher { get; }

    /// <summary>Whether PKCS#7 padding is added and taken away.</summary>
    protected virtual bool Pads => false;

    protected sealed override bool IsPlaintextLengthValid(int length) => Pads || length % Cipher.BlockSize == 0;

    protected sealed override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        call.Iv.GetValueOrDefault().Length == Cipher.IvSize ? Outcome.Ok : MechanismCauses.IvLength;

    protected sealed override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) =>
        Pads && use is (Use.Encrypt or Use.Wrap) ? new OutputLength(0, 1, Cipher.BlockSize, 0) : new OutputLength(0, 0, 1, 0);

    protected sealed override DrawnIv Encrypt(in MechanismCall call, SecretKey key, ClusterMode mode, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        output.Advance(BlockCipher.Encrypt(Cipher, key.Value, call.Iv.GetValueOrDefault().Span, Pads, data, output.Take(data.Length + 2 * Cipher.BlockSize)));
        return DrawnIv.None;
    }

    protected sealed override bool TryDecrypt(in MechanismCall call, SecretKey key, ReadOnlySpan<byte> data, Span<byte> output, out int written) =>
        BlockCipher.TryDecrypt(Cipher, key.Value, call.Iv.GetValueOrDefault().Span, Pads, data, output, out written);

    protected sealed override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode) =>
        new StreamingOperation(new CipherStream(Cipher, use == Use.Encrypt, ((SecretKey)key!).Value, call.Iv.GetValueOrDefault().Span, Pads), use == Use.Encrypt);
}
