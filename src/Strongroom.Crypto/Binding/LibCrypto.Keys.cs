using System.Runtime.InteropServices;

namespace Strongroom.Crypto.Binding;

// Asymmetric keys, the numbers in them, and points on curves.
internal static unsafe partial class LibCrypto
{
    public const int SelectPublicKey = 0x86;  // EVP_PKEY_PUBLIC_KEY: parameters and public part
    public const int SelectKeyPair = 0x87;    // EVP_PKEY_KEYPAIR

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_PKEY_CTX_new_from_name(nint context, string name, string? properties);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_PKEY_CTX_new_from_pkey(nint context, nint key, string? properties);

    [LibraryImport(Library)]
    public static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_fromdata_init(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_fromdata(nint context, nint* key, int selection, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_keygen_init(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_CTX_set_params(nint context, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_generate(nint context, nint* key);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_check(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_public_check(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_sign_init_ex(nint context, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_sign(nint context, byte* signature, nuint* signatureLength, byte* input, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_verify_init_ex(nint context, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_verify_recover_init_ex(nint context, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_verify_recover(nint context, byte* output, nuint* outputLength, byte* signature, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_verify(nint context, byte* signature, nuint signatureLength, byte* input, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_derive_init_ex(nint context, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_derive_set_peer(nint context, nint peer);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_derive(nint context, byte* output, nuint* length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_encrypt_init_ex(nint context, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_encrypt(nint context, byte* output, nuint* outputLength, byte* input, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_decrypt_init_ex(nint context, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_decrypt(nint context, byte* output, nuint* outputLength, byte* input, nuint length);

    [LibraryImport(Library)]
    public static partial int RSA_padding_check_PKCS1_type_2(byte* output, int size, byte* encoded, int length, int modulusSize);

    [LibraryImport(Library)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_get_bits(nint key);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_get_size(nint key);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_PKEY_get_bn_param(nint key, string name, nint* number);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_PKEY_get_octet_string_param(nint key, string name, byte* output, nuint size, nuint* length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_PKEY_get_utf8_string_param(nint key, string name, byte* output, nuint size, nuint* length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_PKEY_is_a(nint key, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_PKEY_new_raw_private_key_ex(nint context, string type, string? properties, byte* key, nuint length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_PKEY_new_raw_public_key_ex(nint context, string type, string? properties, byte* key, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_get_raw_public_key(nint key, byte* output, nuint* length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_get_raw_private_key(nint key, byte* output, nuint* length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_DigestSignInit_ex(nint md, nint* keyContext, string? digest, nint context, string? properties, nint key, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_DigestSign(nint md, byte* signature, nuint* signatureLength, byte* data, nuint length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_DigestVerifyInit_ex(nint md, nint* keyContext, string? digest, nint context, string? properties, nint key, OsslParam* parameters);

    [LibraryImport(Library)]
    public static partial int EVP_DigestVerify(nint md, byte* signature, nuint signatureLength, byte* data, nuint length);

    [LibraryImport(Library)]
    public static partial nint EVP_PKEY2PKCS8(nint key);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_PKCS82PKEY_ex(nint info, nint context, string? properties);

    [LibraryImport(Library)]
    public static partial nint d2i_PKCS8_PRIV_KEY_INFO(nint target, byte** data, nint length);

    [LibraryImport(Library)]
    public static partial int i2d_PKCS8_PRIV_KEY_INFO(nint info, byte** output);

    [LibraryImport(Library)]
    public static partial void PKCS8_PRIV_KEY_INFO_free(nint info);

    [LibraryImport(Library)]
    public static partial int i2d_PUBKEY(nint key, byte** output);

    [LibraryImport(Library)]
    public static partial int BN_num_bits(nint number);

    [LibraryImport(Library)]
    public static partial int BN_bn2lebinpad(nint number, byte* output, int length);

    [LibraryImport(Library)]
    public static partial nint BN_lebin2bn(byte* data, int length, nint number);

    [LibraryImport(Library)]
    public static partial void BN_clear_free(nint number);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EC_GROUP_new_by_curve_name_ex(nint context, string? properties, int curve);

    [LibraryImport(Library)]
    public static partial nint EC_POINT_new(nint group);

    [LibraryImport(Library)]
    public static partial void EC_POINT_clear_free(nint point);

    [LibraryImport(Library)]
    public static partial int EC_POINT_mul(nint group, nint result, nint scalar, nint point, nint pointScalar, nint numbers);

    [LibraryImport(Library)]
    public static partial nuint EC_POINT_point2oct(nint group, nint point, int form, byte* output, nuint size, nint numbers);

    [LibraryImport(Library)]
    public static partial nint BN_CTX_secure_new_ex(nint context);

    [LibraryImport(Library)]
    public static partial void BN_CTX_free(nint numbers);

    [LibraryImport(Library)]
    public static partial nint EC_GROUP_get0_order(nint group);

    [LibraryImport(Library)]
    public static partial int BN_cmp(nint a, nint b);

    [LibraryImport(Library)]
    public static partial int BN_is_zero(nint a);
}
