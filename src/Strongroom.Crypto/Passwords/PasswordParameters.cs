using System.Buffers.Binary;

namespace Strongroom.Crypto;

/// <summary>
/// Algorithm, cost and salt of one password, as they stand in front of its hash. 24 bytes: format 1, algorithm (1 scrypt RFC 7914, 2 PBKDF2-HMAC-SHA-512 SP 800-132),
/// N or iterations (32 bits little-endian), r, p, 16 bytes of salt. Every record carries its own, so that the cost can be raised later.
/// </summary>
public readonly struct PasswordParameters
{
    /// <summary>Bytes of the encoding.</summary>
    public const int Size = 24;

    internal const int SaltSize = 16;
    private const byte Format = 1;
    private const byte Scrypt = 1;
    private const byte Pbkdf2 = 2;

    private readonly byte[] _encoded;

    private PasswordParameters(byte[] encoded) => _encoded = encoded;

    internal bool IsScrypt => _encoded[1] == Scrypt;

    internal uint Cost => BinaryPrimitives.ReadUInt32LittleEndian(_encoded.AsSpan(2));

    internal uint R => _encoded[6];

    internal uint P => _encoded[7];

    internal ReadOnlySpan<byte> Salt => _encoded.AsSpan(8, SaltSize);

    /// <summary>The 24 bytes.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    /// <summary>A fresh salt with today's cost.</summary>
    /// <param name="cost">What the password is for.</param>
    /// <param name="fips">PBKDF2 in place of scrypt, which is not approved.</param>
    public static PasswordParameters Draw(PasswordCost cost, bool fips)
    {
        var encoded = new byte[Size];
        encoded[0] = Format;
        encoded[1] = fips ? Pbkdf2 : Scrypt;
        encoded[6] = 8;
        encoded[7] = 1;
        var count = (fips, cost) switch
        {
            (true, PasswordCost.Login) => 210_000u,   // OWASP's figure for PBKDF2-HMAC-SHA-512
            (true, _) => 1_000_000u,
            (false, PasswordCost.Login) => 1u << 15,
            (false, _) => 1u << 17,
        };
        BinaryPrimitives.WriteUInt32LittleEndian(encoded.AsSpan(2), count);
        RandomSource.Fill(encoded.AsSpan(8));
        return new PasswordParameters(encoded);
    }

    /// <summary>Reads what <see cref="Encoded"/> gave; bounds time and memory before anything is computed.</summary>
    /// <exception cref="CryptoException">It is no such encoding, or asks for more than 256 MiB or ten million iterations.</exception>
    public static PasswordParameters Parse(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length != Size || encoded[0] != Format || encoded[1] is not (Scrypt or Pbkdf2))
        {
            throw new CryptoException("A password record has an unknown format.");
        }

        var parsed = new PasswordParameters(encoded.ToArray());
        var sane = parsed.IsScrypt
            ? parsed.Cost is >= 2 and <= 1 << 20 && uint.IsPow2(parsed.Cost) && parsed.R is >= 1 and <= 32 && parsed.P is >= 1 and <= 16 && 128UL * parsed.Cost * parsed.R <= 256 << 20
            : parsed.Cost is >= 1000 and <= 10_000_000;
        return sane ? parsed : throw new CryptoException("A password record asks for a cost out of bounds.");
    }
}
