using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>Ed25519 (RFC 8032, pure) with keys as their 32 raw bytes: instances of clients prove themselves with it.</summary>
public static unsafe class Ed25519
{
    /// <summary>Bytes of a seed and of a public key.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes of a signature.</summary>
    public const int SignatureSize = 64;

    /// <summary>The public key of a seed.</summary>
    /// <param name="seed">32 secret random bytes.</param>
    /// <param name="publicKey">Takes 32 bytes.</param>
    public static void DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, KeySize);
        var key = OpenPrivate(seed);
        fixed (byte* output = publicKey)
        {
            nuint length = KeySize;
            var done = LibCrypto.EVP_PKEY_get_raw_public_key(key, output, &length);
            LibCrypto.EVP_PKEY_free(key);
            LibCrypto.Must(done, "EVP_PKEY_get_raw_public_key");
        }
    }

    /// <summary>Signs.</summary>
    /// <param name="seed">32 bytes.</param>
    /// <param name="data">Any length.</param>
    /// <param name="signature">Takes 64 bytes.</param>
    public static void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> data, Span<byte> signature)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(signature.Length, SignatureSize);
        var key = OpenPrivate(seed);
        var context = LibCrypto.EVP_MD_CTX_new();
        try
        {
            fixed (byte* input = data, output = signature)
            {
                nuint length = SignatureSize;
                LibCrypto.Must(LibCrypto.EVP_DigestSignInit_ex(context, null, null, LibCrypto.Context, null, key, null), "EVP_DigestSignInit_ex");
                LibCrypto.Must(LibCrypto.EVP_DigestSign(context, output, &length, input, (nuint)data.Length), "EVP_DigestSign");
            }
        }
        finally
        {
            LibCrypto.EVP_MD_CTX_free(context);
            LibCrypto.EVP_PKEY_free(key);
        }
    }

    /// <summary>Verifies.</summary>
    /// <param name="publicKey">32 bytes; anything else is no key and verifies nothing.</param>
    /// <param name="data">As it was signed.</param>
    /// <param name="signature">64 bytes; anything else is no signature.</param>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeySize || signature.Length != SignatureSize)
        {
            return false;
        }

        nint key = 0, context = 0;
        try
        {
            fixed (byte* point = publicKey, input = data, given = signature)
            {
                key = LibCrypto.EVP_PKEY_new_raw_public_key_ex(LibCrypto.Context, "ED25519", null, point, KeySize);
                context = LibCrypto.EVP_MD_CTX_new();
                return key != 0
                    && LibCrypto.EVP_DigestVerifyInit_ex(context, null, null, LibCrypto.Context, null, key, null) == 1
                    && LibCrypto.EVP_DigestVerify(context, given, SignatureSize, input, (nuint)data.Length) == 1;
            }
        }
        finally
        {
            LibCrypto.ERR_clear_error();
            LibCrypto.EVP_MD_CTX_free(context);
            LibCrypto.EVP_PKEY_free(key);
        }
    }

    private static nint OpenPrivate(ReadOnlySpan<byte> seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, KeySize);
        fixed (byte* start = seed)
        {
            return LibCrypto.Must(LibCrypto.EVP_PKEY_new_raw_private_key_ex(LibCrypto.Context, "ED25519", null, start, KeySize), "EVP_PKEY_new_raw_private_key_ex");
        }
    }
}
