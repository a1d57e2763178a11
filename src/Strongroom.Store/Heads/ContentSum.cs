using System.Buffers.Binary;

namespace Strongroom.Store.Heads;

/// <summary>
/// A number modulo 2^256: the sum of the tags of all live records. Addition is what lets a commit advance it without reading the other records; it is as hard to keep while changing them as to guess the tags, which are never stored.
/// </summary>
public readonly record struct ContentSum(ulong Low, ulong Middle, ulong High, ulong Top)
{
    /// <summary>Bytes, little-endian.</summary>
    public const int Length = 32;

    public static ContentSum Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Middle);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], Top);
    }

    public static ContentSum operator +(ContentSum a, ContentSum b) => Add(a, b);

    public static ContentSum operator -(ContentSum a, ContentSum b) => Subtract(a, b);

    public static ContentSum Add(ContentSum left, ContentSum right)
    {
        var low = (UInt128)left.Low + right.Low;
        var middle = (UInt128)left.Middle + right.Middle + (ulong)(low >> 64);
        var high = (UInt128)left.High + right.High + (ulong)(middle >> 64);
        return new((ulong)low, (ulong)middle, (ulong)high, unchecked(left.Top + right.Top + (ulong)(high >> 64)));
    }

    /// <summary>Two's complement: a - b = a + ~b + 1.</summary>
    public static ContentSum Subtract(ContentSum left, ContentSum right) =>
        Add(Add(left, new(~right.Low, ~right.Middle, ~right.High, ~right.Top)), new(1, 0, 0, 0));
}
