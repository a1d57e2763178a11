using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>
/// AES-GCM, SP 800-38D, in one call. What is sealed is ciphertext followed by tag. Each call has a libcrypto context of its own, freed and cleared at its end, so that no key schedule outlives the call.
/// </summary>
public static unsafe class Aead
{
    /// <summary>Bytes of the nonce that everything of our own uses.</summary>
    public const int NonceSize = 12;

    /// <summary>Bytes of the tag that everything of our own uses.</summary>
    public const int TagSize = 16;

    /// <summary>Bytes of the key that everything of our own uses.</summary>
    public const int KeySize = 32;

    /// <summary>The longest nonce that libcrypto takes, in bytes.</summary>
    public const int MaxNonceSize = 128;

    /// <summary>Seals. The tag is as long as the output is longer than the plaintext.</summary>
    /// <param name="key">16, 24 or 32 bytes.</param>
    /// <param name="nonce">1 to 128 bytes, never used before under this key.</param>
    /// <param name="associated">Authenticated, not encrypted.</param>
    /// <param name="plaintext">Up to 2^31 - 17 bytes.</param>
    /// <param name="output">Plaintext plus 4, 8 or 12 to 16 bytes; may not overlap the plaintext unless it begins at the same byte.</param>
    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> output)
    {
        var tagSize = CheckTag(output.Length - plaintext.Length);
        fixed (byte* input = plaintext, result = output)
        {
            var context = Start(key, nonce, associated, encrypt: true);
            try
            {
                int written;
                LibCrypto.Must(LibCrypto.EVP_CipherUpdate(context, result, &written, input, plaintext.Length), "EVP_CipherUpdate");
                LibCrypto.Must(LibCrypto.EVP_CipherFinal_ex(context, result + written, &written), "EVP_CipherFinal_ex");
                LibCrypto.Must(LibCrypto.EVP_CIPHER_CTX_ctrl(context, LibCrypto.CtrlAeadGetTag, tagSize, result + plaintext.Length), "EVP_CTRL_AEAD_GET_TAG");
            }
            finally
            {
                LibCrypto.EVP_CIPHER_CTX_free(context);
            }
        }
    }

    /// <summary>Opens. On failure the output is cleared: nothing of an unauthenticated plaintext is left.</summary>
    /// <param name="key">16, 24 or 32 bytes.</param>
    /// <param name="nonce">As sealed.</param>
    /// <param name="associated">As sealed.</param>
    /// <param name="ciphertext">Ciphertext and tag; the tag is as long as this is longer than the output.</param>
    /// <param name="output">Receives the plaintext.</param>
    /// <returns>Whether the tag is right.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext, Span<byte> output)
    {
        var tagSize = CheckTag(ciphertext.Length - output.Length);
        fixed (byte* input = ciphertext, result = output)
        {
            var context = Start(key, nonce, associated, encrypt: false);
            try
            {
                int written;
                var last = stackalloc byte[16];
                LibCrypto.Must(LibCrypto.EVP_CIPHER_CTX_ctrl(context, LibCrypto.CtrlAeadSetTag, tagSize, input + output.Length), "EVP_CTRL_AEAD_SET_TAG");
                LibCrypto.Must(LibCrypto.EVP_CipherUpdate(context, result is null ? last : result, &written, result is null ? last : input, output.Length), "EVP_CipherUpdate");
                if (LibCrypto.EVP_CipherFinal_ex(context, last, &written) == 1)
                {
                    return true;
                }

                LibCrypto.ERR_clear_error();
                output.Clear();
                return false;
            }
            finally
            {
                LibCrypto.EVP_CIPHER_CTX_free(context);
            }
        }
    }

    internal static int CheckTag(int size) => size is 4 or 8 or (>= 12 and <= 16)
        ? size
        : throw new ArgumentOutOfRangeException(nameof(size), size, "A GCM tag has 4, 8 or 12 to 16 bytes (SP 800-38D 5.2.1.2).");

    internal static nint Start(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, bool encrypt)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nonce.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nonce.Length, MaxNonceSize);
        var cipher = CipherAlgorithm.AesGcm.Handle(key.Length);
        var context = LibCrypto.Must(LibCrypto.EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new");
        fixed (byte* keyStart = key, nonceStart = nonce, associatedStart = associated)
        {
            int ignored;
            var direction = encrypt ? 1 : 0;
            var started = nonce.Length == NonceSize
                ? LibCrypto.EVP_CipherInit_ex2(context, cipher, keyStart, nonceStart, direction, null) == 1
                : LibCrypto.EVP_CipherInit_ex2(context, cipher, null, null, direction, null) == 1
                  && LibCrypto.EVP_CIPHER_CTX_ctrl(context, LibCrypto.CtrlAeadSetIvLength, nonce.Length, null) == 1
                  && LibCrypto.EVP_CipherInit_ex2(context, 0, keyStart, nonceStart, direction, null) == 1;
            if (!started || (associated.Length > 0 && LibCrypto.EVP_CipherUpdate(context, null, &ignored, associatedStart, associated.Length) != 1))
            {
                LibCrypto.EVP_CIPHER_CTX_free(context);
                throw LibCrypto.Failure("AES-GCM");
            }
        }

        return context;
    }
}
