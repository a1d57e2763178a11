using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

// AES-CMAC, SP 800-38B: how libcrypto is told which cipher.
internal static unsafe class Cmac
{
    private static readonly nint Mac = LibCrypto.Must(LibCrypto.EVP_MAC_fetch(LibCrypto.Context, "CMAC", LibCrypto.Properties), "EVP_MAC_fetch(CMAC)");

    public static nint Start(ReadOnlySpan<byte> key)
    {
        var name = key.Length switch
        {
            16 => "AES-128-CBC"u8,
            24 => "AES-192-CBC"u8,
            32 => "AES-256-CBC"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(key), key.Length, "AES keys have 16, 24 or 32 bytes."),
        };
        var context = LibCrypto.Must(LibCrypto.EVP_MAC_CTX_new(Mac), "EVP_MAC_CTX_new");
        var parameters = stackalloc OsslParam[] { OsslParam.Text("cipher"u8, name), OsslParam.End };
        fixed (byte* start = key)
        {
            if (LibCrypto.EVP_MAC_init(context, start, (nuint)key.Length, parameters) != 1)
            {
                LibCrypto.EVP_MAC_CTX_free(context);
                throw LibCrypto.Failure("EVP_MAC_init");
            }
        }

        return context;
    }
}
