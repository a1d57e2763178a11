using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>What the key wrapping modes of SP 800-38F share. The parameter is the initial value, or absent: the standard's own.</summary>
public abstract class AesKeyWrapMechanism : CipherMechanism
{
    /// <summary>Longest input, in bytes: far beyond any key, and short enough for the wire.</summary>
    protected const int MaxPlaintext = 1 << 16;

    /// <summary>Bytes of the unit that the modes work in.</summary>
    protected const int HalfBlock = 8;

    public sealed override MechanismFlags Flags => MechanismFlags.Encrypt | MechanismFlags.Decrypt | MechanismFlags.Wrap | MechanismFlags.Unwrap;

    public sealed override KeySizes KeySizes => KeySizes.Aes;

    public sealed override ParameterShape Shape => ParameterShape.OptionalBytes;

    /// <summary>The mode.</summary>
    protected abstract CipherAlgorithm Cipher { get; }

    protected sealed override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode)
    {
        var iv = call.Iv.GetValueOrDefault();
        return iv.IsEmpty || iv.Length == Cipher.IvSize ? Outcome.Ok : MechanismCauses.IvLength;
    }

    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) =>
        use is Use.Encrypt or Use.Wrap ? new OutputLength(0, HalfBlock, HalfBlock, MaxPlaintext) : new OutputLength(0, 0, 1, MaxPlaintext + 2 * HalfBlock);

    protected override DrawnIv Encrypt(in MechanismCall call, SecretKey key, ClusterMode mode, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        output.Advance(BlockCipher.Encrypt(Cipher, key.Value, call.Iv.GetValueOrDefault().Span, padding: false, data, output.Take(data.Length + 2 * HalfBlock)));
        return DrawnIv.None;
    }

    protected override bool TryDecrypt(in MechanismCall call, SecretKey key, ReadOnlySpan<byte> data, Span<byte> output, out int written)
    {
        // Two half-blocks is the least that either mode gives out, and both give whole half-blocks.
        written = 0;
        return data.Length >= 2 * HalfBlock && data.Length % HalfBlock == 0 && data.Length <= MaxPlaintext + 2 * HalfBlock
            && BlockCipher.TryDecrypt(Cipher, key.Value, call.Iv.GetValueOrDefault().Span, padding: false, data, output, out written);
    }
}
