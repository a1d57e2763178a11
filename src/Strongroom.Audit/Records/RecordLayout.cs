namespace Strongroom.Audit.Records;

/// <summary>
/// A segment is 8 bytes of magic and records; docs/audit.md has the whole format. A record is its length (2 bytes, little-endian, the whole of it), its kind (1 byte), its fields, and the first 16 bytes of the chain value after it.
/// The chain value is 32 bytes: SHA-256 of the value before and the record without its tag. A segment's first record names the value that it goes on from.
/// </summary>
public static class RecordLayout
{
    /// <summary>Version of this format, in every segment's first record.</summary>
    public const uint Version = 1;

    public const int LengthSize = 2;
    public const int PrefixSize = 3;
    public const int TagSize = 16;

    /// <summary>Bytes of the shortest record that can be: no fields.</summary>
    public const int Smallest = PrefixSize + TagSize;

    /// <summary>No record is longer; a reader needs no larger buffer.</summary>
    public const int Largest = 1024;

    /// <summary>Longest user name, detail, address: bytes.</summary>
    public const int LongestText = 160;

    /// <summary>Longest signature of a head: bytes (RSA-4096).</summary>
    public const int LongestSignature = 512;

    /// <summary>The first bytes of a segment.</summary>
    public static ReadOnlySpan<byte> Magic => "SRAUDIT1"u8;

    /// <summary>The chain value before a log's very first record.</summary>
    public static AuditDigest Origin => default;
}
