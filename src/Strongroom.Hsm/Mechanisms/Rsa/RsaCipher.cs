using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// What every RSA mechanism that encrypts shares: public keys encrypt and wrap, private ones decrypt and unwrap; whatever is wrong with a ciphertext, there is one answer.
internal static class RsaCipher
{
    public static bool Accepts(Use use, ObjectClass objectClass, KeyType type) =>
        type == KeyType.Rsa && objectClass == (use is Use.Encrypt or Use.Wrap ? ObjectClass.PublicKey : ObjectClass.PrivateKey);

    public static OutputLength LengthOf(Use use, in RsaEncryption scheme, RsaKey key) =>
        use is Use.Encrypt or Use.Wrap ? new OutputLength(key.Size, 0, 1, scheme.LongestInput(key.Size)) : new OutputLength(0, 0, 1, key.Size);

    public static Outcome<DrawnIv> Encrypt(in RsaEncryption scheme, RsaKey key, ReadOnlySpan<byte> data, IBufferWriter<byte> output, Cause tooLong)
    {
        if (data.Length > scheme.LongestInput(key.Size))
        {
            return tooLong;
        }

        // Raw encryption is of a number: shorter input has zeros in front.
        Span<byte> number = stackalloc byte[scheme.Kind == RsaEncryptionKind.Raw ? key.Size : 0];
        scoped var input = data;
        if (!number.IsEmpty)
        {
            data.CopyTo(number[(number.Length - data.Length)..]);
            input = number;
        }

        if (!key.Evp.TryEncrypt(scheme, input, output.Take(key.Size)))
        {
            return MechanismCauses.DataTooLarge;
        }

        output.Advance(key.Size);
        return DrawnIv.None;
    }

    public static Outcome<DrawnIv> Decrypt(in RsaEncryption scheme, RsaKey key, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        if (data.Length != key.Size || !key.Evp.TryDecrypt(scheme, data, output.Take(key.Size), out var written))
        {
            return MechanismCauses.DecryptionFailed;
        }

        output.Advance(written);
        return DrawnIv.None;
    }

    public static Outcome<SecretBuffer> Unwrap(in RsaEncryption scheme, RsaKey key, ReadOnlySpan<byte> wrapped)
    {
        using var output = SecretBuffer.Allocate(key.Size);
        return wrapped.Length == key.Size && key.Evp.TryDecrypt(scheme, wrapped, output.Span, out var written) && written > 0
            ? SecretBuffer.CopyOf(output.Span[..written])
            : MechanismCauses.UnwrappingFailed;
    }
}
