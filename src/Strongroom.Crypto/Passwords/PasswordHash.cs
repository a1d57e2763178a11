using System.Security.Cryptography;

namespace Strongroom.Crypto;

/// <summary>
/// Hashes of passwords, and keys derived from passphrases. scrypt (RFC 7914) by libcrypto; PBKDF2-HMAC-SHA-512 in FIPS mode. At most two are computed at a time, so that a flood of logins costs
/// neither all memory nor all processors; the others wait.
/// </summary>
public static class PasswordHash
{
    /// <summary>Bytes of a record: parameters and a 32-byte hash.</summary>
    public const int RecordSize = PasswordParameters.Size + HashSize;

    private const int HashSize = 32;
    private const int AtATime = 2;

    private static readonly SemaphoreSlim Turns = new(AtATime);

    /// <summary>Hashes a new password with a fresh salt.</summary>
    /// <param name="password">UTF-8; the caller clears it.</param>
    /// <param name="fips">Whether the cluster is in FIPS mode.</param>
    /// <param name="cancel">Gives up waiting for a turn.</param>
    /// <returns>The record to store.</returns>
    public static async ValueTask<byte[]> CreateAsync(ReadOnlyMemory<byte> password, bool fips, CancellationToken cancel = default)
    {
        var parameters = PasswordParameters.Draw(PasswordCost.Login, fips);
        using var hash = await DeriveKeyAsync(password, parameters, HashSize, cancel).ConfigureAwait(false);
        return [.. parameters.Encoded, .. hash.Span];
    }

    /// <summary>Whether the password is the record's. Compares in constant time.</summary>
    /// <param name="password">UTF-8; the caller clears it.</param>
    /// <param name="record">From <see cref="CreateAsync"/>.</param>
    /// <param name="cancel">Gives up waiting for a turn.</param>
    /// <exception cref="CryptoException">The record is malformed.</exception>
    public static async ValueTask<bool> VerifyAsync(ReadOnlyMemory<byte> password, ReadOnlyMemory<byte> record, CancellationToken cancel = default)
    {
        if (record.Length != RecordSize)
        {
            throw new CryptoException("A password record has the wrong length.");
        }

        var parameters = PasswordParameters.Parse(record.Span[..PasswordParameters.Size]);
        using var hash = await DeriveKeyAsync(password, parameters, HashSize, cancel).ConfigureAwait(false);
        return CryptographicOperations.FixedTimeEquals(hash.Span, record.Span[PasswordParameters.Size..]);
    }

    /// <summary>Derives a key from a passphrase.</summary>
    /// <param name="password">UTF-8; the caller clears it.</param>
    /// <param name="parameters">Drawn once, stored beside what the key seals.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="cancel">Gives up waiting for a turn.</param>
    public static async ValueTask<SecretBuffer> DeriveKeyAsync(ReadOnlyMemory<byte> password, PasswordParameters parameters, int length, CancellationToken cancel = default)
    {
        await Turns.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => PasswordDerivation.Derive(password.Span, parameters, length), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            Turns.Release();
        }
    }
}
