namespace Strongroom.Crypto;

/// <summary>PBKDF2 (RFC 8018 5.2, SP 800-132) with HMAC over any hash, for keys that applications derive. How the HSM's own users' passwords are kept is <see cref="PasswordHash"/>'s matter.</summary>
public static class Pbkdf2
{
    /// <summary>Derives a key into the locked arena.</summary>
    /// <param name="hash">HMAC's hash.</param>
    /// <param name="password">Any length.</param>
    /// <param name="salt">Any length.</param>
    /// <param name="iterations">At least 1; a million takes about half a second.</param>
    /// <param name="length">Bytes, at least 1.</param>
    public static SecretBuffer DeriveKey(DigestAlgorithm hash, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ulong iterations, int length)
    {
        var output = SecretBuffer.Allocate(length);
        PasswordDerivation.Pbkdf2(hash, password, salt, iterations, output.Span);
        return output;
    }
}
