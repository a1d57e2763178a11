using System.Runtime.InteropServices;

namespace Strongroom.Crypto.Binding;

// Digests, message authentication codes, derivations and ciphers.
internal static unsafe partial class LibCrypto
{
    public const int CtrlAeadSetIvLength = 0x9;
    public const int CtrlAeadGetTag = 0x10;
    public const int CtrlAeadSetTag = 0x11;
    public const int CipherFlagWrapAllow = 0x1;

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_MD_fetch(nint context, string name, string? properties);

    [LibraryImport(Library)]
    public static partial nint EVP_MD_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_MD_CTX_free(nint md);

    [LibraryImport(Library)]
    public static partial int EVP_DigestInit_ex2(nint md, nint type, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_DigestUpdate(nint md, byte* data, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_DigestFinal_ex(nint md, byte* output, uint* length);

    [LibraryImport(Library)]
    public static partial int EVP_DigestFinalXOF(nint md, byte* output, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_Digest(byte* data, nuint length, byte* output, uint* outputLength, nint type, nint engine);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_MAC_fetch(nint context, string name, string? properties);

    [LibraryImport(Library)]
    public static partial nint EVP_MAC_CTX_new(nint mac);

    [LibraryImport(Library)]
    public static partial void EVP_MAC_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_MAC_init(nint context, byte* key, nuint length, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_MAC_update(nint context, byte* data, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_MAC_final(nint context, byte* output, nuint* length, nuint size);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_KDF_fetch(nint context, string name, string? properties);

    [LibraryImport(Library)]
    public static partial void EVP_KDF_free(nint kdf);

    [LibraryImport(Library)]
    public static partial nint EVP_KDF_CTX_new(nint kdf);

    [LibraryImport(Library)]
    public static partial void EVP_KDF_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_KDF_derive(nint context, byte* output, nuint length, OsslParam* parameters);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_CIPHER_fetch(nint context, string name, string? properties);

    [LibraryImport(Library)]
    public static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, void* pointer);

    [LibraryImport(Library)]
    public static partial void EVP_CIPHER_CTX_set_flags(nint context, int flags);

    [LibraryImport(Library)]
    public static partial int EVP_CIPHER_CTX_set_padding(nint context, int padding);

    [LibraryImport(Library)]
    public static partial int EVP_CipherInit_ex2(nint context, nint cipher, byte* key, byte* iv, int encrypt, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_CipherUpdate(nint context, byte* output, int* length, byte* input, int inputLength);

    [LibraryImport(Library)]
    public static partial int EVP_CipherFinal_ex(nint context, byte* output, int* length);
}
