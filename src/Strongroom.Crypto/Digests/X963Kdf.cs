using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>The key derivation function of ANSI X9.63 (SEC 1, 3.6.1), which PKCS#11 runs over ECDH's shared secret.</summary>
public static unsafe class X963Kdf
{
    /// <summary>Derives bytes.</summary>
    /// <param name="algorithm">The hash function.</param>
    /// <param name="secret">The shared secret.</param>
    /// <param name="info">SharedInfo; may be empty.</param>
    /// <param name="output">Any length that a key may have.</param>
    public static void Derive(DigestAlgorithm algorithm, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> info, Span<byte> output)
    {
        fixed (byte* secretStart = secret, infoStart = info)
        {
            var parameters = stackalloc OsslParam[4];
            var count = 0;
            parameters[count++] = OsslParam.Text("digest"u8, algorithm.NativeName, algorithm.Name.Length);
            parameters[count++] = OsslParam.Octets("key"u8, secretStart, secret.Length);
            if (!info.IsEmpty)
            {
                parameters[count++] = OsslParam.Octets("info"u8, infoStart, info.Length);
            }

            parameters[count] = OsslParam.End;
            Kdf.Run("X963KDF", LibCrypto.Properties, parameters, output);
        }
    }
}
