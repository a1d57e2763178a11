namespace Strongroom.Cli.Attributes;

/// <summary>CKA_KEY_TYPE under CloudHSM's name.</summary>
internal sealed record KeyKind(string Name, ulong Number)
{
    public static KeyKind Rsa { get; } = new("rsa", 0x0);

    public static KeyKind Ec { get; } = new("ec", 0x3);

    public static KeyKind GenericSecret { get; } = new("generic-secret", 0x10);

    public static KeyKind Des3 { get; } = new("des3", 0x15);

    public static KeyKind Aes { get; } = new("aes", 0x1F);

    /// <summary>Keys that PKCS#11 applications made and that CloudHSM's list does not know keep PKCS#11's name.</summary>
    public static IReadOnlyList<KeyKind> All { get; } =
    [
        Rsa, Ec, Aes, GenericSecret, Des3,
        new("ec-edwards", 0x40), new("ec-montgomery", 0x41),
        new("sha1-hmac", 0x28), new("sha224-hmac", 0x2E), new("sha256-hmac", 0x2B), new("sha384-hmac", 0x2C), new("sha512-hmac", 0x2D),
    ];
}
