namespace Strongroom.Crypto;

/// <summary>The steps of HKDF (RFC 5869 2); the numbers are libcrypto's.</summary>
public enum HkdfSteps
{
    ExtractAndExpand = 0,
    Extract = 1,
    Expand = 2,
}
