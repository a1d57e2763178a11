using System.Buffers.Binary;
using Strongroom.Crypto;

namespace Strongroom.Store.Sealing;

/// <summary>
/// Who sealed a record: 128 random bits that a process draws when it begins to seal, and again after <see cref="Sealer.SealsPerWriter"/> seals. It takes part in the derivation of the key, so that no two processes ever share one.
/// </summary>
public readonly record struct WriterId(UInt128 Value)
{
    /// <summary>Bytes.</summary>
    public const int Length = 16;

    public static WriterId Draw()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomSource.Fill(bytes);
        return Read(bytes);
    }

    public static WriterId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
}
