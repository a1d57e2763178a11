using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

public sealed unsafe partial class EvpKey
{
    private const int LongestModulus = 1024;

    /// <summary>Encrypts under an RSA public key.</summary>
    /// <param name="scheme">The padding.</param>
    /// <param name="input">Not longer than <see cref="RsaEncryption.LongestInput"/>; for Raw exactly as long as the modulus.</param>
    /// <param name="output">Takes as many bytes as the modulus has.</param>
    /// <returns>False if the input, as a number, is not less than the modulus, which only Raw can meet.</returns>
    public bool TryEncrypt(in RsaEncryption scheme, ReadOnlySpan<byte> input, Span<byte> output) => Run(scheme, encrypts: true, input, output, out _);

    /// <summary>Decrypts under an RSA private key. On failure the output is cleared.</summary>
    /// <param name="scheme">The padding.</param>
    /// <param name="input">As many bytes as the modulus has.</param>
    /// <param name="output">At least as many.</param>
    /// <param name="written">Bytes of plaintext.</param>
    public bool TryDecrypt(in RsaEncryption scheme, ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        if (Run(scheme, encrypts: false, input, output, out written))
        {
            return true;
        }

        output.Clear();
        return false;
    }

    /// <summary>
    /// Decrypts RSAES-PKCS1-v1_5 without telling, by its result or its time, whether the padding was right: if it was not, or the plaintext's length is not allowed, the output is the <paramref name="substitute"/>.
    /// libcrypto's own check of the padding (RSA_padding_check_PKCS1_type_2) runs in constant time; so does the choice here.
    /// </summary>
    /// <param name="input">As many bytes as the modulus has.</param>
    /// <param name="isAllowed">For each length from 0 to that of the modulus 0xFF if a plaintext may have it, else 0.</param>
    /// <param name="substitute">As long as the modulus; the caller makes it so that the same ciphertext always has the same.</param>
    /// <param name="substituteLength">How much of it counts.</param>
    /// <returns>The plaintext or the substitute.</returns>
    public SecretBuffer DecryptPkcs1OrSubstitute(ReadOnlySpan<byte> input, ReadOnlySpan<byte> isAllowed, ReadOnlySpan<byte> substitute, int substituteLength)
    {
        var size = SignatureSize;
        ArgumentOutOfRangeException.ThrowIfNotEqual(isAllowed.Length, size + 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(substitute.Length, size);
        using var encoded = SecretBuffer.Allocate(size);
        using var message = SecretBuffer.Allocate(size);
        var isRead = Run(RsaEncryption.Raw, encrypts: false, input, encoded.Span, out _);   // false if the ciphertext is no number below the modulus: anyone can see that
        var length = LibCrypto.RSA_padding_check_PKCS1_type_2(message.Pointer, size, encoded.Pointer, size, size);
        LibCrypto.ERR_clear_error();

        // All ones if everything is right, else 0, without a branch on anything that depends on the plaintext.
        var wrong = length >> 31;
        var right = ~wrong & (sbyte)isAllowed[length & ~wrong] & (isRead ? -1 : 0);
        for (var index = 0; index < size; index++)
        {
            message.Span[index] = (byte)((message.Span[index] & right) | (substitute[index] & ~right));
        }

        return SecretBuffer.CopyOf(message.Span[..((length & right) | (substituteLength & ~right))]);
    }

    private bool Run(in RsaEncryption scheme, bool encrypts, ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, SignatureSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SignatureSize, LongestModulus);
        using var use = new Lease(this);
        var context = LibCrypto.Must(LibCrypto.EVP_PKEY_CTX_new_from_pkey(LibCrypto.Context, handle, LibCrypto.Properties), "EVP_PKEY_CTX_new_from_pkey");
        try
        {
            LibCrypto.Must(Prepare(context, scheme, encrypts), encrypts ? "EVP_PKEY_encrypt_init_ex" : "EVP_PKEY_decrypt_init_ex");
            fixed (byte* from = input, to = output)
            {
                var length = (nuint)output.Length;
                var done = encrypts
                    ? LibCrypto.EVP_PKEY_encrypt(context, to, &length, from, (nuint)input.Length)
                    : LibCrypto.EVP_PKEY_decrypt(context, to, &length, from, (nuint)input.Length);
                written = done == 1 ? (int)length : 0;
                LibCrypto.ERR_clear_error();
                return done == 1;
            }
        }
        finally
        {
            LibCrypto.EVP_PKEY_CTX_free(context);
        }
    }

    private static int Prepare(nint context, in RsaEncryption scheme, bool encrypts)
    {
        fixed (byte* label = scheme.Label.Span)
        {
            var parameters = stackalloc OsslParam[5];
            var count = 0;
            parameters[count++] = OsslParam.Text("pad-mode"u8, scheme.Kind switch { RsaEncryptionKind.Raw => "none"u8, RsaEncryptionKind.Pkcs1 => "pkcs1"u8, _ => "oaep"u8 });
            if (scheme.Kind == RsaEncryptionKind.Oaep)
            {
                parameters[count++] = OsslParam.Text("digest"u8, scheme.Digest!.NativeName, scheme.Digest.Name.Length);
                parameters[count++] = OsslParam.Text("mgf1-digest"u8, scheme.Mgf!.NativeName, scheme.Mgf.Name.Length);
                if (!scheme.Label.IsEmpty)
                {
                    parameters[count++] = OsslParam.Octets("oaep-label"u8, label, scheme.Label.Length);
                }
            }

            parameters[count] = OsslParam.End;
            return encrypts ? LibCrypto.EVP_PKEY_encrypt_init_ex(context, parameters) : LibCrypto.EVP_PKEY_decrypt_init_ex(context, parameters);
        }
    }
}
