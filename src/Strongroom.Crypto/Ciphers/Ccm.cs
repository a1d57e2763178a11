using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>AES-CCM, SP 800-38C, in one call: the mode must know all lengths before it starts. What is sealed is ciphertext followed by tag.</summary>
public static unsafe class Ccm
{
    /// <summary>The shortest and longest nonce, in bytes.</summary>
    public const int MinNonceSize = 7, MaxNonceSize = 13;

    /// <summary>Seals. The tag is as long as the output is longer than the plaintext.</summary>
    /// <param name="key">16, 24 or 32 bytes.</param>
    /// <param name="nonce">7 to 13 bytes, never used before under this key.</param>
    /// <param name="associated">Authenticated, not encrypted.</param>
    /// <param name="plaintext">Less than 256^(15 - nonce) bytes.</param>
    /// <param name="output">Plaintext plus 4, 6, … or 16 bytes.</param>
    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> output)
    {
        var tagSize = output.Length - plaintext.Length;
        fixed (byte* input = plaintext, result = output)
        {
            var context = Start(key, nonce, associated, plaintext.Length, tagSize, null);
            try
            {
                int written;
                var nothing = stackalloc byte[1];
                LibCrypto.Must(LibCrypto.EVP_CipherUpdate(context, result, &written, input is null ? nothing : input, plaintext.Length), "EVP_CipherUpdate");
                LibCrypto.Must(LibCrypto.EVP_CIPHER_CTX_ctrl(context, LibCrypto.CtrlAeadGetTag, tagSize, result + plaintext.Length), "EVP_CTRL_AEAD_GET_TAG");
            }
            finally
            {
                LibCrypto.EVP_CIPHER_CTX_free(context);
            }
        }
    }

    /// <summary>Opens. On failure the output is cleared.</summary>
    /// <param name="key">16, 24 or 32 bytes.</param>
    /// <param name="nonce">As sealed.</param>
    /// <param name="associated">As sealed.</param>
    /// <param name="ciphertext">Ciphertext and tag; the tag is as long as this is longer than the output.</param>
    /// <param name="output">Receives the plaintext.</param>
    /// <returns>Whether the tag is right.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext, Span<byte> output)
    {
        fixed (byte* input = ciphertext, result = output)
        {
            var context = Start(key, nonce, associated, output.Length, ciphertext.Length - output.Length, input + output.Length);
            try
            {
                int written;
                var nothing = stackalloc byte[16];
                if (LibCrypto.EVP_CipherUpdate(context, result is null ? nothing : result, &written, result is null ? nothing : input, output.Length) == 1)
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

    // Encrypts without a tag, decrypts with one; the order of the calls is libcrypto's (EVP_EncryptInit(3), "CCM Mode").
    private static nint Start(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, int length, int tagSize, byte* tag)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nonce.Length, MinNonceSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nonce.Length, MaxNonceSize);
        var context = LibCrypto.Must(LibCrypto.EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new");
        var direction = tag is null ? 1 : 0;
        fixed (byte* keyStart = key, nonceStart = nonce, associatedStart = associated)
        {
            int ignored;
            var started = LibCrypto.EVP_CipherInit_ex2(context, CipherAlgorithm.AesCcm.Handle(key.Length), null, null, direction, null) == 1
                && LibCrypto.EVP_CIPHER_CTX_ctrl(context, LibCrypto.CtrlAeadSetIvLength, nonce.Length, null) == 1
                && LibCrypto.EVP_CIPHER_CTX_ctrl(context, LibCrypto.CtrlAeadSetTag, tagSize, tag) == 1
                && LibCrypto.EVP_CipherInit_ex2(context, 0, keyStart, nonceStart, direction, null) == 1
                && LibCrypto.EVP_CipherUpdate(context, null, &ignored, null, length) == 1
                && (associated.IsEmpty || LibCrypto.EVP_CipherUpdate(context, null, &ignored, associatedStart, associated.Length) == 1);
            if (!started)
            {
                LibCrypto.EVP_CIPHER_CTX_free(context);
                throw LibCrypto.Failure("AES-CCM");
            }
        }

        return context;
    }
}
