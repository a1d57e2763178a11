using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>A block cipher over one whole input. Each call has a libcrypto context of its own, freed and cleared at its end.</summary>
public static unsafe class BlockCipher
{
    /// <summary>Encrypts or wraps.</summary>
    /// <param name="algorithm">Cipher and mode.</param>
    /// <param name="key">16, 24 or 32 bytes.</param>
    /// <param name="iv">As long as the mode's; empty for a wrapping mode: the standard's own value.</param>
    /// <param name="padding">PKCS#7 padding; ignored by the wrapping modes.</param>
    /// <param name="input">Plaintext; without padding a multiple of the block.</param>
    /// <param name="output">At least input plus two blocks.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="CryptoException">The input's length does not fit the mode.</exception>
    public static int Encrypt(CipherAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, bool padding, ReadOnlySpan<byte> input, Span<byte> output) =>
        Run(algorithm, true, key, iv, padding, input, output, out var written) ? written : throw LibCrypto.Failure("Encryption");

    /// <summary>Decrypts or unwraps. On failure the output is cleared.</summary>
    /// <param name="algorithm">Cipher and mode.</param>
    /// <param name="key">16, 24 or 32 bytes.</param>
    /// <param name="iv">As it was encrypted.</param>
    /// <param name="padding">As it was encrypted.</param>
    /// <param name="input">Ciphertext.</param>
    /// <param name="output">At least input plus two blocks.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False if the length, the padding or the wrapping's integrity check is wrong.</returns>
    public static bool TryDecrypt(CipherAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, bool padding, ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        if (Run(algorithm, false, key, iv, padding, input, output, out written))
        {
            return true;
        }

        LibCrypto.ERR_clear_error();
        output.Clear();
        return false;
    }

    internal static nint Start(CipherAlgorithm algorithm, bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, bool padding)
    {
        if (iv.Length != algorithm.IvSize && !(algorithm.Wraps && iv.IsEmpty))
        {
            throw new ArgumentOutOfRangeException(nameof(iv), iv.Length, "The initialisation vector does not have the mode's length.");
        }

        var cipher = algorithm.Handle(key.Length);
        var context = LibCrypto.Must(LibCrypto.EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new");
        if (algorithm.Wraps)
        {
            LibCrypto.EVP_CIPHER_CTX_set_flags(context, LibCrypto.CipherFlagWrapAllow);
        }

        fixed (byte* keyStart = key, ivStart = iv)
        {
            if (LibCrypto.EVP_CipherInit_ex2(context, cipher, keyStart, ivStart, encrypts ? 1 : 0, null) != 1
                || (!algorithm.Wraps && LibCrypto.EVP_CIPHER_CTX_set_padding(context, padding ? 1 : 0) != 1))
            {
                LibCrypto.EVP_CIPHER_CTX_free(context);
                throw LibCrypto.Failure("EVP_CipherInit_ex2");
            }
        }

        return context;
    }

    private static bool Run(
        CipherAlgorithm algorithm, bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, bool padding, ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, input.Length + 2 * algorithm.BlockSize);
        var context = Start(algorithm, encrypts, key, iv, padding);
        try
        {
            fixed (byte* from = input, to = output)
            {
                int first, last = 0;
                written = 0;
                if (LibCrypto.EVP_CipherUpdate(context, to, &first, from, input.Length) != 1 || LibCrypto.EVP_CipherFinal_ex(context, to + first, &last) != 1)
                {
                    return false;
                }

                written = first + last;
                return true;
            }
        }
        finally
        {
            LibCrypto.EVP_CIPHER_CTX_free(context);
        }
    }
}
