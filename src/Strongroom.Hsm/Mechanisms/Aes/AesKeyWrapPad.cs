using System.Buffers;
using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_KEY_WRAP_PAD, PKCS#11 2.40, 2.12: PKCS#7 padding to half-blocks of 8 bytes, then SP 800-38F KW. Any length. Other software has taken the number for RFC 5649, which is CKM_AES_KEY_WRAP_KWP here.
public class AesKeyWrapPad : AesKeyWrapMechanism
{
    public override ulong Number => 0x210A;

    public override string Name => "CKM_AES_KEY_WRAP_PAD";

    protected override CipherAlgorithm Cipher => CipherAlgorithm.AesWrap;

    // Padding and integrity value are two half-blocks at most; KW wants two half-blocks at least.
    protected override bool IsPlaintextLengthValid(int length) => length is >= HalfBlock and <= MaxPlaintext;

    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) =>
        use is Use.Encrypt or Use.Wrap ? new OutputLength(0, HalfBlock + 1, HalfBlock, MaxPlaintext) : base.LengthOf(use, call, key);

    protected override DrawnIv Encrypt(in MechanismCall call, SecretKey key, ClusterMode mode, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        using var padded = SecretBuffer.Allocate((data.Length / HalfBlock + 1) * HalfBlock);
        data.CopyTo(padded.Span);
        padded.Span[data.Length..].Fill((byte)(padded.Length - data.Length));
        return base.Encrypt(call, key, mode, padded.Span, output);
    }

    protected override bool TryDecrypt(in MechanismCall call, SecretKey key, ReadOnlySpan<byte> data, Span<byte> output, out int written)
    {
        if (!base.TryDecrypt(call, key, data, output, out written))
        {
            return false;
        }

        // What KW gave back is authentic: only whoever has the key could have padded it otherwise.
        var padding = output[written - 1];
        if (padding is >= 1 and <= HalfBlock && !output[(written - padding)..written].ContainsAnyExcept(padding))
        {
            written -= padding;
            return true;
        }

        CryptographicOperations.ZeroMemory(output);
        written = 0;
        return false;
    }
}
