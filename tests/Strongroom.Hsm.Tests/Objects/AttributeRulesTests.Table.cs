namespace Strongroom.Hsm.Tests.Objects;

/// <summary>
/// The attribute tables of PKCS#11 3.2, section 4, written by hand: what the footnotes 1 to 12 say of each attribute. In the columns of the ways to make an object:
/// M it must be given (CKR_TEMPLATE_INCOMPLETE), o it may be, x it must not be (CKR_TEMPLATE_INCONSISTENT), r the HSM alone sets it (CKR_ATTRIBUTE_READ_ONLY), . the kind is not made so.
/// The ways that each kind is made by stand behind its name: C_CreateObject, C_GenerateKey or its like, C_UnwrapKey, and what makes a key from another: C_DeriveKey, C_EncapsulateKey, C_DecapsulateKey.
/// Later, by C_SetAttributeValue: f freely, t only to true, F only to false, n never, c never but in a copy.
/// Where the reference (AWS CloudHSM's user guide) or a program asks for something else than the standard, the row says so.
/// </summary>
public sealed partial class AttributeRulesTests
{
    private const string Storage = """
        Class               M o M o n    footnote 1, 5; a mechanism that says what it makes needs it no more
        Token               o o o o c
        Private             o o o o c
        Modifiable          o o o o F
        Copyable            o o o o F    footnote 12
        Destroyable         o o o o f
        Label               o o o o f
        UniqueId            r r r r n    footnote 2, 4, 6
        """;

    private const string Key = """
        KeyType             M o M o n    footnote 1, 5
        Id                  o o o o f    footnote 8; CloudHSM: immutable, which broke Hyperledger Fabric
        StartDate           o o o o f    footnote 8
        EndDate             o o o o f    footnote 8
        Derive              o o o o f    footnote 8
        Local               r r r r n    footnote 2, 4, 6
        KeyGenMechanism     r r r r n    footnote 2, 4, 6
        AllowedMechanisms   o o o o n
        """;

    private const string PublicKey = """
        Subject             o o . . f    footnote 8
        Encrypt             o o . . f    footnote 8
        Verify              o o . . f    footnote 8
        VerifyRecover       o o . . f    footnote 8
        Wrap                o o . . f    footnote 8
        Trusted             r r . . n    footnote 10: an admin's alone
        WrapTemplate        o o . . f    CloudHSM: changeable
        PublicKeyInfo       r r . . n    computed
        Encapsulate         o o . . f    footnote 8
        EncapsulateTemplate o o . . f
        """;

    private const string Guarded = """
        Sensitive           o o o o t    footnote 8, 11
        Extractable         o o o o F    footnote 8, 12
        AlwaysSensitive     r r r r n    footnote 2, 4, 6
        NeverExtractable    r r r r n    footnote 2, 4, 6
        WrapWithTrusted     o o o o t    footnote 11
        Decrypt             o o o o f    footnote 8
        Unwrap              o o o o f    footnote 8
        UnwrapTemplate      o o o o f    CloudHSM: changeable
        DeriveTemplate      o o o o f
        """;

    private const string PrivateKey = """
        Subject             o o o . f    footnote 8
        Sign                o o o . f    footnote 8
        SignRecover         o o o . f    footnote 8
        AlwaysAuthenticate  o o o . t
        PublicKeyInfo       r r r . n    computed
        Decapsulate         o o o . f    footnote 8
        DecapsulateTemplate o o o . f
        """;

    private const string SecretKey = """
        Encrypt             o o o o f    footnote 8
        Sign                o o o o f    footnote 8
        Verify              o o o o f    footnote 8
        Wrap                o o o o f    footnote 8
        Trusted             r r r r n    footnote 10: an admin's alone
        WrapTemplate        o o o o f    CloudHSM: changeable
        Value               M x x x n    footnote 1, 4, 6
        """;

    private const string CurvePublic = """
        EcParams            M M . . n    footnote 1, 3
        EcPoint             M x . . n    footnote 1, 4
        Modulus             x x . . x
        """;

    private const string CurvePrivate = """
        EcParams            M o x . n    footnote 1, 4, 6; taken where it is the pair's, as SoftHSM's users give it
        Value               M x x . n    footnote 1, 4, 6
        Encrypt             x x x . x
        """;

    private const string PostQuantumPublic = """
        ParameterSet        M M . . n    footnote 1, 3
        Value               M x . . n    footnote 1, 4
        Seed                x x . . x
        EcParams            x x . . x
        """;

    private const string PostQuantumPrivate = """
        ParameterSet        M o x . n    footnote 1, 4, 6; taken where it is the pair's
        Seed                o x x . n    footnote 4, 6; a key is given by its seed, its value or both
        Value               o x x . n    footnote 4, 6
        EcParams            x x x . x
        """;

    private const string NaturalLength = """
        ValueLen            . . . o n    the mechanism makes as many bytes as it makes
        Seed                . . . x x
        """;

    private const string GivenLength = """
        ValueLen            . . . M n    an AES key has one of three lengths, and the function makes any
        Seed                . . . x x
        """;

    private static readonly Kind[] Kinds =
    [
        new("AES", ObjectClass.SecretKey, KeyType.Aes, "CGU", Storage, Key, Guarded, SecretKey, """
            ValueLen            o M o . n    footnote 2, 3, 6; taken where it is the value's
            Modulus             x x x . x
            """),
        new("RSA public key", ObjectClass.PublicKey, KeyType.Rsa, "CG", Storage, Key, PublicKey, """
            Modulus             M x . . n    footnote 1, 4
            ModulusBits         x M . . n    footnote 2, 3
            PublicExponent      M o . . n    footnote 1
            EcPoint             x x . . x
            Sensitive           x x . . x
            """),
        new("RSA private key", ObjectClass.PrivateKey, KeyType.Rsa, "CGU", Storage, Key, Guarded, PrivateKey, """
            Modulus             M x x . n    footnote 1, 4, 6
            PublicExponent      M x x . n    footnote 1, 4, 6
            PrivateExponent     M x x . n    footnote 1, 4, 6
            Prime1              M x x . n    footnote 4, 6; ours must have all eight numbers: without, it would be slow and hard to blind
            Prime2              M x x . n    footnote 4, 6
            Exponent1           M x x . n    footnote 4, 6
            Exponent2           M x x . n    footnote 4, 6
            Coefficient         M x x . n    footnote 4, 6
            ModulusBits         x x x . x    CloudHSM: an unusable key
            Verify              x x x . x
            """),
        new("EC public key", ObjectClass.PublicKey, KeyType.Ec, "CG", Storage, Key, PublicKey, CurvePublic),
        new("EC private key", ObjectClass.PrivateKey, KeyType.Ec, "CGU", Storage, Key, Guarded, PrivateKey, CurvePrivate),
        new("Ed25519 public key", ObjectClass.PublicKey, KeyType.EcEdwards, "CG", Storage, Key, PublicKey, CurvePublic),
        new("Ed25519 private key", ObjectClass.PrivateKey, KeyType.EcEdwards, "CGU", Storage, Key, Guarded, PrivateKey, CurvePrivate),
        new("X25519 public key", ObjectClass.PublicKey, KeyType.EcMontgomery, "CG", Storage, Key, PublicKey, CurvePublic),
        new("X25519 private key", ObjectClass.PrivateKey, KeyType.EcMontgomery, "CGU", Storage, Key, Guarded, PrivateKey, CurvePrivate),
        new("ML-DSA public key", ObjectClass.PublicKey, KeyType.MlDsa, "CG", Storage, Key, PublicKey, PostQuantumPublic),
        new("ML-DSA private key", ObjectClass.PrivateKey, KeyType.MlDsa, "CGU", Storage, Key, Guarded, PrivateKey, PostQuantumPrivate),
        new("ML-KEM public key", ObjectClass.PublicKey, KeyType.MlKem, "CG", Storage, Key, PublicKey, PostQuantumPublic),
        new("ML-KEM private key", ObjectClass.PrivateKey, KeyType.MlKem, "CGU", Storage, Key, Guarded, PrivateKey, PostQuantumPrivate),
        .. BaseKey.Ways.Select(way => new Kind(
            $"AES by {way}", ObjectClass.SecretKey, KeyType.Aes, "D", Storage, Key, Guarded, SecretKey, way is "CKM_ECDH1_DERIVE" or "C_EncapsulateKey" or "C_DecapsulateKey" ? NaturalLength : GivenLength)),
        new("certificate", ObjectClass.Certificate, null, "C", Storage, """
            CertificateType     M . . . n    footnote 1
            Trusted             r . . . n    footnote 10
            CertificateCategory o . . . n
            JavaMidpSecurityDomain o . . . n
            Url                 o . . . n    where the certificate is; needs the two hashes
            HashOfSubjectPublicKey o . . . n
            HashOfIssuerPublicKey o . . . n
            NameHashAlgorithm   o . . . n
            PublicKeyInfo       o . . . n
            StartDate           o . . . f
            EndDate             o . . . f
            Subject             M . . . n    must be given
            Id                  o . . . f
            Issuer              o . . . f
            SerialNumber        o . . . f
            Value               M . . . n    must be given
            Sign                x . . . x
            """),
        new("data", ObjectClass.Data, null, "C", Storage, """
            Application         o . . . f
            ObjectId            o . . . f
            Value               o . . . f
            Sensitive           x . . . x
            """),
    ];
}
