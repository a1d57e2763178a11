using static Strongroom.Hsm.Objects.Given;
using static Strongroom.Hsm.Objects.Mutability;

namespace Strongroom.Hsm.Objects;

/// <summary>
/// The templates as tables. Standard: PKCS#11 3.2, the attribute tables of section 4 and their footnotes. Where CloudHSM differs, its defaults are taken (PRIVATE, SENSITIVE and EXTRACTABLE
/// true, SIGN and VERIFY true for generated secret keys); CKA_TRUSTED is the admins' alone; EXTRACTABLE, MODIFIABLE and COPYABLE only fall, SENSITIVE and WRAP_WITH_TRUSTED only rise.
/// </summary>
internal static partial class ObjectRules
{
    //                                                 C_Create…     C_Generate…   unwrap,derive  later
    private static AttributeRule[] Storage =>
    [
        new(AttributeType.Class,                       Must,         May,          Must,          Mutability.Never),
        new(AttributeType.Token,                       May,          May,          May,           InCopy),
        new(AttributeType.Private,                     May,          May,          May,           InCopy, Default: true),
        new(AttributeType.Modifiable,                  May,          May,          May,           OnlyToFalse, Default: true),
        new(AttributeType.Copyable,                    May,          May,          May,           OnlyToFalse, Default: true),
        new(AttributeType.Destroyable,                 May,          May,          May,           Freely, Default: true),
        new(AttributeType.Label,                       May,          May,          May,           Freely),
        new(AttributeType.UniqueId,                    Given.Never,  Given.Never,  Given.Never,   Mutability.Never),
    ];

    private static AttributeRule[] AnyKey =>
    [
        new(AttributeType.KeyType,                     Must,         May,          Must,          Mutability.Never),
        new(AttributeType.Id,                          May,          May,          May,           Freely),
        new(AttributeType.StartDate,                   May,          May,          May,           Freely),
        new(AttributeType.EndDate,                     May,          May,          May,           Freely),
        new(AttributeType.Derive,                      May,          May,          May,           Freely),
        new(AttributeType.Local,                       Given.Never,  Given.Never,  Given.Never,   Mutability.Never),
        new(AttributeType.KeyGenMechanism,             Given.Never,  Given.Never,  Given.Never,   Mutability.Never),
        new(AttributeType.AllowedMechanisms,           May,          May,          May,           Mutability.Never),
        new(AttributeType.CheckValue,                  May,          Contradicts,  May,           Mutability.Never),
    ];

    private static AttributeRule[] PublicKey =>
    [
        new(AttributeType.Subject,                     May,          May,          Contradicts,   Freely),
        new(AttributeType.Encrypt,                     May,          May,          Contradicts,   Freely),
        new(AttributeType.Verify,                      May,          May,          Contradicts,   Freely),
        new(AttributeType.VerifyRecover,               May,          May,          Contradicts,   Freely),
        new(AttributeType.Wrap,                        May,          May,          Contradicts,   Freely),
        new(AttributeType.Trusted,                     May,          May,          Contradicts,   ByAdmin),
        new(AttributeType.WrapTemplate,                May,          May,          Contradicts,   Freely),
        new(AttributeType.PublicKeyInfo,               Given.Never,  Given.Never,  Contradicts,   Mutability.Never),
        new(AttributeType.Encapsulate,                 May,          May,          Contradicts,   Freely),
        new(AttributeType.EncapsulateTemplate,         May,          May,          Contradicts,   Freely),
    ];

    // What private and secret keys have in common.
    private static AttributeRule[] Guarded =>
    [
        new(AttributeType.Sensitive,                   May,          May,          May,           OnlyToTrue, Default: true),
        new(AttributeType.Extractable,                 May,          May,          May,           OnlyToFalse, Default: true),
        new(AttributeType.AlwaysSensitive,             Given.Never,  Given.Never,  Given.Never,   Mutability.Never),
        new(AttributeType.NeverExtractable,            Given.Never,  Given.Never,  Given.Never,   Mutability.Never),
        new(AttributeType.WrapWithTrusted,             May,          May,          May,           OnlyToTrue),
        new(AttributeType.Decrypt,                     May,          May,          May,           Freely),
        new(AttributeType.Unwrap,                      May,          May,          May,           Freely),
        new(AttributeType.UnwrapTemplate,              May,          May,          May,           Freely),
        new(AttributeType.DeriveTemplate,              May,          May,          May,           Freely),
    ];

    private static AttributeRule[] PrivateKey =>
    [
        new(AttributeType.Subject,                     May,          May,          May,           Freely),
        new(AttributeType.Sign,                        May,          May,          May,           Freely),
        new(AttributeType.SignRecover,                 May,          May,          May,           Freely),
        new(AttributeType.AlwaysAuthenticate,          May,          May,          May,           OnlyToTrue),
        new(AttributeType.PublicKeyInfo,               Given.Never,  Given.Never,  Given.Never,   Mutability.Never),
        new(AttributeType.Decapsulate,                 May,          May,          May,           Freely),
        new(AttributeType.DecapsulateTemplate,         May,          May,          May,           Freely),
    ];

    private static AttributeRule[] SecretKey =>
    [
        new(AttributeType.Encrypt,                     May,          May,          May,           Freely),
        new(AttributeType.Sign,                        May,          May,          May,           Freely),
        new(AttributeType.Verify,                      May,          May,          May,           Freely),
        new(AttributeType.Wrap,                        May,          May,          May,           Freely),
        new(AttributeType.Trusted,                     May,          May,          May,           ByAdmin),
        new(AttributeType.WrapTemplate,                May,          May,          May,           Freely),
        new(AttributeType.Value,                       Must,         Contradicts,  Contradicts,   Mutability.Never, Secret: true),
    ];

    private static AttributeRule[] SizedSecret => [new(AttributeType.ValueLen, May, Must, May, Mutability.Never)];

    private static AttributeRule[] RsaPublic =>
    [
        new(AttributeType.Modulus,                     Must,         Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.ModulusBits,                 Contradicts,  Must,         Contradicts,   Mutability.Never),
        new(AttributeType.PublicExponent,              Must,         May,          Contradicts,   Mutability.Never),
    ];

    private static AttributeRule[] RsaPrivate =>
    [
        new(AttributeType.Modulus,                     Must,         Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.PublicExponent,              Must,         Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.PrivateExponent,             Must,         Contradicts,  Contradicts,   Mutability.Never, Secret: true),
        new(AttributeType.Prime1,                      Must,         Contradicts,  Contradicts,   Mutability.Never, Secret: true),
        new(AttributeType.Prime2,                      Must,         Contradicts,  Contradicts,   Mutability.Never, Secret: true),
        new(AttributeType.Exponent1,                   Must,         Contradicts,  Contradicts,   Mutability.Never, Secret: true),
        new(AttributeType.Exponent2,                   Must,         Contradicts,  Contradicts,   Mutability.Never, Secret: true),
        new(AttributeType.Coefficient,                 Must,         Contradicts,  Contradicts,   Mutability.Never, Secret: true),
    ];

    private static AttributeRule[] EcPublic =>
    [
        new(AttributeType.EcParams,                    Must,         Must,         Contradicts,   Mutability.Never),
        new(AttributeType.EcPoint,                     Must,         Contradicts,  Contradicts,   Mutability.Never),
    ];

    // The point is no attribute of a private key in the standard, but CloudHSM's and others' hosts read it there.
    private static AttributeRule[] EcPrivate =>
    [
        new(AttributeType.EcParams,                    Must,         May,          Contradicts,   Mutability.Never),
        new(AttributeType.EcPoint,                     May,          Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.Value,                       Must,         Contradicts,  Contradicts,   Mutability.Never, Secret: true),
    ];

    private static AttributeRule[] PostQuantumPublic =>
    [
        new(AttributeType.ParameterSet,                Must,         Must,         Contradicts,   Mutability.Never),
        new(AttributeType.Value,                       Must,         Contradicts,  Contradicts,   Mutability.Never),
    ];

    // The seed, the value or both (PKCS#11 3.2, 6.67.3 and 6.68.3); the import says which is missing.
    private static AttributeRule[] PostQuantumPrivate =>
    [
        new(AttributeType.ParameterSet,                Must,         May,          Contradicts,   Mutability.Never),
        new(AttributeType.Seed,                        May,          Contradicts,  Contradicts,   Mutability.Never, Secret: true),
        new(AttributeType.Value,                       May,          Contradicts,  Contradicts,   Mutability.Never, Secret: true),
    ];

    private static AttributeRule[] Certificate =>
    [
        new(AttributeType.CertificateType,             Must,         Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.Trusted,                     May,          Contradicts,  Contradicts,   ByAdmin),
        new(AttributeType.CertificateCategory,         May,          Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.JavaMidpSecurityDomain,      May,          Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.Url,                         May,          Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.HashOfSubjectPublicKey,      May,          Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.HashOfIssuerPublicKey,       May,          Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.NameHashAlgorithm,           May,          Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.PublicKeyInfo,               May,          Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.CheckValue,                  May,          Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.StartDate,                   May,          Contradicts,  Contradicts,   Freely),
        new(AttributeType.EndDate,                     May,          Contradicts,  Contradicts,   Freely),
        new(AttributeType.Subject,                     Must,         Contradicts,  Contradicts,   Mutability.Never),
        new(AttributeType.Id,                          May,          Contradicts,  Contradicts,   Freely),
        new(AttributeType.Issuer,                      May,          Contradicts,  Contradicts,   Freely),
        new(AttributeType.SerialNumber,                May,          Contradicts,  Contradicts,   Freely),
        new(AttributeType.Value,                       Must,         Contradicts,  Contradicts,   Mutability.Never),
    ];

    private static AttributeRule[] Data =>
    [
        new(AttributeType.Application,                 May,          Contradicts,  Contradicts,   Freely),
        new(AttributeType.ObjectId,                    May,          Contradicts,  Contradicts,   Freely),
        new(AttributeType.Value,                       May,          Contradicts,  Contradicts,   Freely),
    ];

    // Kinds of objects. One that has no row here can't exist in this cluster.
    private static Kind[] Kinds =>
    [
        new(ObjectClass.SecretKey,   KeyType.Aes,           [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.GenericSecret, [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.Sha1Hmac,      [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.Sha224Hmac,    [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.Sha256Hmac,    [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.Sha384Hmac,    [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.Sha512Hmac,    [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.Sha3_224Hmac,  [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.Sha3_256Hmac,  [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.Sha3_384Hmac,  [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.Sha3_512Hmac,  [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.Hkdf,          [Storage, AnyKey, Guarded, SecretKey, SizedSecret]),
        new(ObjectClass.SecretKey,   KeyType.Des3,          [Storage, AnyKey, Guarded, SecretKey]),
        new(ObjectClass.PublicKey,   KeyType.Rsa,           [Storage, AnyKey, PublicKey, RsaPublic]),
        new(ObjectClass.PrivateKey,  KeyType.Rsa,           [Storage, AnyKey, Guarded, PrivateKey, RsaPrivate]),
        new(ObjectClass.PublicKey,   KeyType.Ec,            [Storage, AnyKey, PublicKey, EcPublic]),
        new(ObjectClass.PrivateKey,  KeyType.Ec,            [Storage, AnyKey, Guarded, PrivateKey, EcPrivate]),
        new(ObjectClass.PublicKey,   KeyType.EcEdwards,     [Storage, AnyKey, PublicKey, EcPublic]),
        new(ObjectClass.PrivateKey,  KeyType.EcEdwards,     [Storage, AnyKey, Guarded, PrivateKey, EcPrivate]),
        new(ObjectClass.PublicKey,   KeyType.EcMontgomery,  [Storage, AnyKey, PublicKey, EcPublic]),
        new(ObjectClass.PrivateKey,  KeyType.EcMontgomery,  [Storage, AnyKey, Guarded, PrivateKey, EcPrivate]),
        new(ObjectClass.PublicKey,   KeyType.MlDsa,         [Storage, AnyKey, PublicKey, PostQuantumPublic]),
        new(ObjectClass.PrivateKey,  KeyType.MlDsa,         [Storage, AnyKey, Guarded, PrivateKey, PostQuantumPrivate]),
        new(ObjectClass.PublicKey,   KeyType.MlKem,         [Storage, AnyKey, PublicKey, PostQuantumPublic]),
        new(ObjectClass.PrivateKey,  KeyType.MlKem,         [Storage, AnyKey, Guarded, PrivateKey, PostQuantumPrivate]),
        new(ObjectClass.Certificate, null,                  [Storage, Certificate]),
        new(ObjectClass.Data,        null,                  [Storage, Data]),
    ];
}
