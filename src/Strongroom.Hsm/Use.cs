namespace Strongroom.Hsm;

/// <summary>What an operation does with a key; the numbers are the wire's.</summary>
public enum Use
{
    None = 0,
    Encrypt = 1,
    Decrypt = 2,
    Sign = 3,
    Verify = 4,
    Digest = 5,
    SignRecover = 6,
    VerifyRecover = 7,
    Wrap = 8,
    Unwrap = 9,
    Derive = 10,
    Encapsulate = 11,
    Decapsulate = 12,
}
