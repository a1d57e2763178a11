namespace Strongroom.Hsm.Objects;

/// <summary>The boolean attributes of an object, a bit each. Stored: never renumber.</summary>
[Flags]
internal enum ObjectFlags : uint
{
    None = 0,
    Token = 1 << 0,
    Private = 1 << 1,
    Modifiable = 1 << 2,
    Copyable = 1 << 3,
    Destroyable = 1 << 4,
    Sensitive = 1 << 5,
    AlwaysSensitive = 1 << 6,
    Extractable = 1 << 7,
    NeverExtractable = 1 << 8,
    Local = 1 << 9,
    Encrypt = 1 << 10,
    Decrypt = 1 << 11,
    Sign = 1 << 12,
    SignRecover = 1 << 13,
    Verify = 1 << 14,
    VerifyRecover = 1 << 15,
    Wrap = 1 << 16,
    Unwrap = 1 << 17,
    Derive = 1 << 18,
    Trusted = 1 << 19,
    WrapWithTrusted = 1 << 20,
    AlwaysAuthenticate = 1 << 21,
    Encapsulate = 1 << 22,
    Decapsulate = 1 << 23,
}
