namespace Strongroom.Crypto.Binding;

// One call of an EVP_KDF.
internal static unsafe class Kdf
{
    public static void Run(string name, string? properties, OsslParam* parameters, Span<byte> output)
    {
        var kdf = LibCrypto.Must(LibCrypto.EVP_KDF_fetch(LibCrypto.Context, name, properties), name);
        var context = LibCrypto.Must(LibCrypto.EVP_KDF_CTX_new(kdf), name);
        try
        {
            fixed (byte* result = output)
            {
                LibCrypto.Must(LibCrypto.EVP_KDF_derive(context, result, (nuint)output.Length, parameters), name);
            }
        }
        finally
        {
            LibCrypto.EVP_KDF_CTX_free(context);
            LibCrypto.EVP_KDF_free(kdf);
        }
    }
}
