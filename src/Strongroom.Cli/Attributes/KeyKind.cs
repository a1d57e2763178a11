namespace Strongroom.Cli.Attributes;

/// <summary>CKA_KEY_TYPE under CloudHSM's name.</summary>
/// <param name="Name">as printed and in filters</param>
/// <param name="Numbers">CKK_ numbers; the first is the one that a new key of this name gets</param>
internal sealed record KeyKind(string Name, params ulong[] Numbers)
{
    /// <summary>PKCS#11 has key types of their own for curves that CloudHSM calls ec like all others.</summary>
    public const ulong Edwards = 0x40;

    public static KeyKind Rsa { get; } = new("rsa", 0x0);

    public static KeyKind Ec { get; } = new("ec", 0x3, Edwards);

    public static KeyKind GenericSecret { get; } = new("generic-secret", 0x10);

    public static KeyKind Des3 { get; } = new("des3", 0x15);

    public static KeyKind Aes { get; } = new("aes", 0x1F);

    public static KeyKind MlDsa { get; } = new("ml-dsa", 0x4A);

    /// <summary>Keys that PKCS#11 applications made and that CloudHSM's list does not know keep PKCS#11's name.</summary>
    public static IReadOnlyList<KeyKind> All { get; } =
    [
        Rsa, Ec, Aes, GenericSecret, Des3, MlDsa,
        new("ec-montgomery", 0x41), new("hkdf", 0x42), new("ml-kem", 0x49),
        new("sha1-hmac", 0x28), new("sha224-hmac", 0x2E), new("sha256-hmac", 0x2B), new("sha384-hmac", 0x2C), new("sha512-hmac", 0x2D),
        new("sha3-224-hmac", 0x33), new("sha3-256-hmac", 0x34), new("sha3-384-hmac", 0x35), new("sha3-512-hmac", 0x36),
    ];

    public ulong Number => Numbers[0];

    public static KeyKind? Of(ulong number) => All.FirstOrDefault(kind => kind.Numbers.Contains(number));
}
