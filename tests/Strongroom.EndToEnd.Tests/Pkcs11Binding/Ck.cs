namespace Strongroom.EndToEnd.Tests.Pkcs11Binding;

/// <summary>The numbers of PKCS#11 that the suites need.</summary>
internal static class Ck
{
    public const ulong Ok = 0;
    public const ulong DeviceError = 0x30;
    public const ulong TokenNotPresent = 0xE0;

    public const ulong PublicKey = 2;
    public const ulong PrivateKey = 3;
    public const ulong SecretKey = 4;

    public const ulong Rsa = 0;
    public const ulong Ec = 3;
    public const ulong GenericSecret = 0x10;
    public const ulong Aes = 0x1F;
    public const ulong EcEdwards = 0x40;
    public const ulong EcMontgomery = 0x41;
    public const ulong MlKem = 0x49;
    public const ulong MlDsa = 0x4A;
}

/// <summary>Attribute types.</summary>
internal static class Cka
{
    public const ulong Class = 0x00;
    public const ulong Token = 0x01;
    public const ulong Label = 0x03;
    public const ulong Value = 0x11;
    public const ulong KeyType = 0x100;
    public const ulong Id = 0x102;
    public const ulong Sensitive = 0x103;
    public const ulong Encrypt = 0x104;
    public const ulong Decrypt = 0x105;
    public const ulong Wrap = 0x106;
    public const ulong Unwrap = 0x107;
    public const ulong Sign = 0x108;
    public const ulong Verify = 0x10A;
    public const ulong Derive = 0x10C;
    public const ulong Modulus = 0x120;
    public const ulong PublicExponent = 0x122;
    public const ulong PrivateExponent = 0x123;
    public const ulong Prime1 = 0x124;
    public const ulong Prime2 = 0x125;
    public const ulong Exponent1 = 0x126;
    public const ulong Exponent2 = 0x127;
    public const ulong Coefficient = 0x128;
    public const ulong ValueLen = 0x161;
    public const ulong Extractable = 0x162;
    public const ulong EcParams = 0x180;
    public const ulong EcPoint = 0x181;
    public const ulong ParameterSet = 0x61D;
    public const ulong Encapsulate = 0x633;
    public const ulong Decapsulate = 0x634;
    public const ulong Seed = 0x637;
}

/// <summary>Mechanisms.</summary>
internal static class Ckm
{
    public const ulong RsaPkcs = 0x01;
    public const ulong RsaPkcsOaep = 0x09;
    public const ulong MlKemKeyPairGen = 0x0F;
    public const ulong MlKem = 0x17;
    public const ulong MlDsa = 0x1D;
    public const ulong Sha1 = 0x220;
    public const ulong Sha224 = 0x255;
    public const ulong Sha256 = 0x250;
    public const ulong Sha384 = 0x260;
    public const ulong Sha512 = 0x270;
    public const ulong Sha3_256 = 0x2B0;
    public const ulong Sha3_512 = 0x2D0;
    public const ulong Pbkdf2 = 0x3B0;
    public const ulong EcdhDerive = 0x1050;
    public const ulong Eddsa = 0x1057;
    public const ulong EcKeyPairGen = 0x1040;
    public const ulong AesKeyGen = 0x1080;
    public const ulong AesCbcPad = 0x1085;
    public const ulong AesGcm = 0x1087;
    public const ulong AesCcm = 0x1088;
    public const ulong AesCmac = 0x108A;
    public const ulong AesCmacGeneral = 0x108B;
    public const ulong AesKeyWrap = 0x2109;
    public const ulong AesKeyWrapKwp = 0x210B;
    public const ulong HkdfDerive = 0x402A;

    /// <summary>The hash mechanism of a name as Wycheproof writes it.</summary>
    public static ulong Hash(string name) => name switch
    {
        "SHA-1" => Sha1,
        "SHA-224" => Sha224,
        "SHA-256" => Sha256,
        "SHA-384" => Sha384,
        "SHA-512" => Sha512,
        "SHA3-256" => Sha3_256,
        "SHA3-512" => Sha3_512,
        _ => throw new NotSupportedException(name),
    };

    /// <summary>CKG_MGF1_… of a hash.</summary>
    public static ulong Mgf1(string hash) => hash switch
    {
        "SHA-1" => 1,
        "SHA-256" => 2,
        "SHA-384" => 3,
        "SHA-512" => 4,
        "SHA-224" => 5,
        "SHA3-256" => 7,
        "SHA3-512" => 9,
        _ => throw new NotSupportedException(hash),
    };

    /// <summary>CKM_…_RSA_PKCS of a hash.</summary>
    public static ulong RsaPkcsWith(string hash) => hash switch
    {
        "SHA-1" => 0x06,
        "SHA-224" => 0x46,
        "SHA-256" => 0x40,
        "SHA-384" => 0x41,
        "SHA-512" => 0x42,
        "SHA3-256" => 0x60,
        _ => throw new NotSupportedException(hash),
    };

    /// <summary>CKM_…_RSA_PKCS_PSS of a hash.</summary>
    public static ulong RsaPssWith(string hash) => hash switch
    {
        "SHA-1" => 0x0E,
        "SHA-224" => 0x47,
        "SHA-256" => 0x43,
        "SHA-384" => 0x44,
        "SHA-512" => 0x45,
        "SHA3-256" => 0x63,
        "SHA3-512" => 0x65,
        _ => throw new NotSupportedException(hash),
    };

    /// <summary>CKM_ECDSA_… of a hash.</summary>
    public static ulong EcdsaWith(string hash) => hash switch
    {
        "SHA-224" => 0x1043,
        "SHA-256" => 0x1044,
        "SHA-384" => 0x1045,
        "SHA-512" => 0x1046,
        _ => throw new NotSupportedException(hash),
    };

    /// <summary>CKM_…_HMAC of an algorithm as Wycheproof writes it; the general-length form is one higher.</summary>
    public static ulong Hmac(string algorithm) => algorithm switch
    {
        "HMACSHA1" => 0x221,
        "HMACSHA224" => 0x256,
        "HMACSHA256" => 0x251,
        "HMACSHA384" => 0x261,
        "HMACSHA512" => 0x271,
        "HMACSHA3-256" => 0x2B1,
        "HMACSHA3-512" => 0x2D1,
        _ => throw new NotSupportedException(algorithm),
    };
}
