using System.Runtime.InteropServices;
using System.Text;

namespace Strongroom.Crypto.Binding;

// OpenSSL 3's libcrypto, called in an OSSL_LIB_CTX of our own that has never read a configuration file. The names are libcrypto's own; its manual pages are the documentation.
internal static unsafe partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";
    private const ulong InitNoLoadConfig = 0x80;

    // A context that was made without configuration and without the process-wide default one: no engine, provider or random source of the host gets in.
    public static readonly nint Context = Open();

    /// <summary>Whether a FIPS provider is loaded; then every algorithm is fetched from it.</summary>
    public static bool FipsProvider { get; private set; }

    /// <summary>The property query of every fetch.</summary>
    public static string? Properties => FipsProvider ? "fips=yes" : null;

    /// <summary>As it names itself: "OpenSSL 3.0.…".</summary>
    public static string Version => Marshal.PtrToStringUTF8(OpenSSL_version(0)) ?? "unknown";

    private static nint Open()
    {
        // Whoever initialises first decides about openssl.cnf for the whole process. Programs touch this class before anything of .NET's own cryptography, so that TLS is not configured by the host either.
        if (OPENSSL_init_crypto(InitNoLoadConfig, 0) != 1)
        {
            throw Failure("OPENSSL_init_crypto");
        }

        var context = OSSL_LIB_CTX_new();
        if (context == 0)
        {
            throw Failure("OSSL_LIB_CTX_new");
        }

        if (OSSL_PROVIDER_load(context, "default") == 0)
        {
            throw Failure("OSSL_PROVIDER_load(default)");
        }

        FipsProvider = OSSL_PROVIDER_load(context, "fips") != 0;
        ERR_clear_error();
        return context;
    }

    /// <summary>The exception that carries libcrypto's newest reason, and an emptied error queue.</summary>
    public static CryptoException Failure(string call)
    {
        var code = ERR_peek_last_error();
        ERR_clear_error();
        if (code == 0)
        {
            return new CryptoException($"{call} failed without a reason");
        }

        var text = stackalloc byte[256];
        ERR_error_string_n(code, text, 256);
        return new CryptoException($"{call}: {Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text))}");
    }

    public static nint Must(nint pointer, string call) => pointer != 0 ? pointer : throw Failure(call);

    public static void Must(int result, string call)
    {
        if (result <= 0)
        {
            throw Failure(call);
        }
    }

    [LibraryImport(Library)]
    private static partial int OPENSSL_init_crypto(ulong options, nint settings);

    [LibraryImport(Library)]
    private static partial nint OpenSSL_version(int part);

    [LibraryImport(Library)]
    private static partial nint OSSL_LIB_CTX_new();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OSSL_PROVIDER_load(nint context, string name);

    [LibraryImport(Library)]
    private static partial ulong ERR_peek_last_error();

    [LibraryImport(Library)]
    public static partial void ERR_clear_error();

    [LibraryImport(Library)]
    private static partial void ERR_error_string_n(ulong code, byte* text, nuint size);

    [LibraryImport(Library)]
    public static partial nint RAND_get0_primary(nint context);

    [LibraryImport(Library)]
    public static partial nint RAND_get0_public(nint context);

    [LibraryImport(Library)]
    public static partial nint RAND_get0_private(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_RAND_generate(nint rand, byte* output, nuint length, uint strength, int predictionResistance, byte* additional, nuint additionalLength);

    [LibraryImport(Library)]
    public static partial int EVP_RAND_reseed(nint rand, int predictionResistance, byte* entropy, nuint entropyLength, byte* additional, nuint additionalLength);

    [LibraryImport(Library)]
    public static partial void CRYPTO_free(nint pointer, nint file, int line);
}
