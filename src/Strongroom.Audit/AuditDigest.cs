using System.Runtime.CompilerServices;

namespace Strongroom.Audit;

/// <summary>A SHA-256 value held in place: 32 bytes.</summary>
[InlineArray(Size)]
public struct AuditDigest : IEquatable<AuditDigest>
{
    /// <summary>Bytes.</summary>
    public const int Size = 32;

    private byte _first;

    /// <summary>Copies 32 bytes.</summary>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static AuditDigest From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException("A SHA-256 value has 32 bytes.", nameof(bytes));
        }

        var digest = default(AuditDigest);
        bytes.CopyTo(digest);
        return digest;
    }

    public static bool operator ==(AuditDigest left, AuditDigest right) => left.Equals(right);

    public static bool operator !=(AuditDigest left, AuditDigest right) => !left.Equals(right);

    public readonly byte[] ToArray() => ((ReadOnlySpan<byte>)this).ToArray();

    public readonly bool Equals(AuditDigest other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is AuditDigest other && Equals(other);

    public override readonly int GetHashCode() => BitConverter.ToInt32(this);

    public override readonly string ToString() => Convert.ToHexStringLower(this);
}
