using System.Buffers.Binary;
using Strongroom.Crypto;

namespace Strongroom.Store.Heads;

/// <summary>128 random bits by which a commit is found again when the store gave no answer.</summary>
public readonly record struct CommitId(UInt128 Value)
{
    /// <summary>Bytes.</summary>
    public const int Length = 16;

    public static CommitId Draw()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomSource.Fill(bytes);
        return Read(bytes);
    }

    public static CommitId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
}
