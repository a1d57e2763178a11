using System.Buffers;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

/// <summary>An AES or triple DES key, or a generic secret.</summary>
/// <param name="type">CKK_AES, CKK_DES3, CKK_GENERIC_SECRET or one of the HMAC types.</param>
/// <param name="value">The key itself; owned from here on.</param>
public sealed class SecretKey(KeyType type, SecretBuffer value) : KeyMaterial
{
    /// <summary>Longest generic secret, in bytes; CloudHSM's limit.</summary>
    public const int MaxLength = 800;

    public override ObjectClass Class => ObjectClass.SecretKey;

    public override KeyType Type => type;

    public override int Bits => 8 * value.Length;

    /// <summary>Bytes of the key.</summary>
    public int Length => value.Length;

    /// <summary>The key itself, valid while a reference is held.</summary>
    internal ReadOnlySpan<byte> Value => value.Span;

    /// <summary>Whether a key of this type may be so long.</summary>
    /// <param name="type">Key type.</param>
    /// <param name="length">Bytes.</param>
    public static bool IsLengthValid(KeyType type, int length) => type switch
    {
        KeyType.Aes => length is 16 or 24 or 32,
        KeyType.Des3 => length == 24,
        _ => length is >= 1 and <= MaxLength,
    };

    public override SecretBuffer Encode() => KeyEncoding.Write(Class, type, 0, value);

    public override Outcome<SecretBuffer> EncodeForWrapping() => SecretBuffer.CopyOf(value.Span);

    public override RawAttribute[] PublicAttributes() => type == KeyType.Des3 ? [] : [Number(AttributeType.ValueLen, value.Length)];

    public override Outcome Read(AttributeType type, IBufferWriter<byte> output)
    {
        if (type != AttributeType.Value)
        {
            return KeyCauses.NoSuchComponent.On(type);
        }

        output.Write(value.Span);
        return Outcome.Ok;
    }

    /// <summary>AES and triple DES: the first 3 bytes of an encrypted block of zeros (PKCS#11 3.2, 4.10.2).</summary>
    public override byte[]? CheckValue()
    {
        if (type is not (KeyType.Aes or KeyType.Des3))
        {
            return null;
        }

        var cipher = type == KeyType.Aes ? CipherAlgorithm.AesEcb : CipherAlgorithm.Des3Ecb;
        Span<byte> output = stackalloc byte[48];
        BlockCipher.Encrypt(cipher, value.Span, default, padding: false, stackalloc byte[cipher.BlockSize], output);
        return output[..3].ToArray();
    }

    protected override void Clear() => value.Dispose();
}
