using System.Runtime.InteropServices;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>HMAC (FIPS 198-1) in one call.</summary>
public static unsafe class Hmac
{
    private static readonly nint Mac = LibCrypto.Must(LibCrypto.EVP_MAC_fetch(LibCrypto.Context, "HMAC", LibCrypto.Properties), "EVP_MAC_fetch(HMAC)");

    /// <summary>Computes the code over the concatenation of the parts.</summary>
    /// <param name="algorithm">The hash function.</param>
    /// <param name="key">Any length.</param>
    /// <param name="data">First part.</param>
    /// <param name="output">At least <see cref="DigestAlgorithm.Size"/> bytes; exactly that many are written.</param>
    /// <param name="data2">Second part.</param>
    /// <param name="data3">Third part.</param>
    public static void Compute(
        DigestAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> output, ReadOnlySpan<byte> data2 = default, ReadOnlySpan<byte> data3 = default)
    {
        var context = Start(algorithm, key);
        try
        {
            Feed(context, data);
            Feed(context, data2);
            Feed(context, data3);
            End(context, algorithm.Size, output);
        }
        finally
        {
            LibCrypto.EVP_MAC_CTX_free(context);
        }
    }

    internal static nint Start(DigestAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        var context = LibCrypto.Must(LibCrypto.EVP_MAC_CTX_new(Mac), "EVP_MAC_CTX_new");
        var parameters = stackalloc OsslParam[] { OsslParam.Text("digest"u8, algorithm.NativeName, algorithm.Name.Length), OsslParam.End };

        // An empty key must still be a key: a null pointer would mean "the one from before".
        fixed (byte* start = &MemoryMarshal.GetReference(key.IsEmpty ? "\0"u8 : key))
        {
            if (LibCrypto.EVP_MAC_init(context, start, (nuint)key.Length, parameters) != 1)
            {
                LibCrypto.EVP_MAC_CTX_free(context);
                throw LibCrypto.Failure("EVP_MAC_init");
            }
        }

        return context;
    }

    internal static void Feed(nint context, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            fixed (byte* input = data)
            {
                LibCrypto.Must(LibCrypto.EVP_MAC_update(context, input, (nuint)data.Length), "EVP_MAC_update");
            }
        }
    }

    internal static void End(nint context, int size, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, size);
        fixed (byte* result = output)
        {
            nuint length;
            LibCrypto.Must(LibCrypto.EVP_MAC_final(context, result, &length, (nuint)output.Length), "EVP_MAC_final");
        }
    }
}
