using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>HKDF (RFC 5869), extract and expand, with SHA-256 unless said otherwise.</summary>
public static unsafe class Hkdf
{
    private static readonly nint Fetched = LibCrypto.Must(LibCrypto.EVP_KDF_fetch(LibCrypto.Context, "HKDF", LibCrypto.Properties), "EVP_KDF_fetch(HKDF)");

    /// <summary>Derives bytes.</summary>
    /// <param name="key">Input key material, at least 1 byte.</param>
    /// <param name="salt">Empty: a string of zeros.</param>
    /// <param name="info">What the result is for: purpose, epoch, writer.</param>
    /// <param name="output">1 to 255 × the hash's size bytes.</param>
    /// <param name="algorithm">The hash function; SHA-256 when absent.</param>
    /// <param name="steps">Which of the two steps; an extraction gives exactly the hash's size.</param>
    public static void Derive(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> output, DigestAlgorithm? algorithm = null, HkdfSteps steps = HkdfSteps.ExtractAndExpand)
    {
        algorithm ??= DigestAlgorithm.Sha256;
        ArgumentOutOfRangeException.ThrowIfZero(key.Length);
        ArgumentOutOfRangeException.ThrowIfZero(output.Length);
        var context = LibCrypto.Must(LibCrypto.EVP_KDF_CTX_new(Fetched), "EVP_KDF_CTX_new");
        try
        {
            fixed (byte* keyStart = key, saltStart = salt, infoStart = info, result = output)
            {
                var parameters = stackalloc OsslParam[6];
                var count = 0;
                var mode = (int)steps;
                parameters[count++] = OsslParam.Int32("mode"u8, &mode);
                parameters[count++] = OsslParam.Text("digest"u8, algorithm.NativeName, algorithm.Name.Length);
                parameters[count++] = OsslParam.Octets("key"u8, keyStart, key.Length);
                if (!salt.IsEmpty)
                {
                    parameters[count++] = OsslParam.Octets("salt"u8, saltStart, salt.Length);
                }

                if (!info.IsEmpty)
                {
                    parameters[count++] = OsslParam.Octets("info"u8, infoStart, info.Length);
                }

                parameters[count] = OsslParam.End;
                LibCrypto.Must(LibCrypto.EVP_KDF_derive(context, result, (nuint)output.Length, parameters), "EVP_KDF_derive(HKDF)");
            }
        }
        finally
        {
            LibCrypto.EVP_KDF_CTX_free(context);
        }
    }

    /// <summary>Derives a key into the locked arena.</summary>
    /// <param name="key">Input key material.</param>
    /// <param name="salt">Empty: a string of zeros.</param>
    /// <param name="info">What the result is for.</param>
    /// <param name="length">Bytes.</param>
    public static SecretBuffer DeriveKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, int length)
    {
        var output = SecretBuffer.Allocate(length);
        Derive(key, salt, info, output.Span);
        return output;
    }
}
