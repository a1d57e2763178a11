using System.Buffers.Binary;
using Strongroom.Crypto;

namespace Strongroom.Store.Heads;

/// <summary>SHA-256 of a head's sealed bytes: which head it is, not only how far. Zero stands for "before the first".</summary>
public readonly record struct HeadHash(UInt128 Left, UInt128 Right)
{
    /// <summary>Bytes.</summary>
    public const int Length = 32;

    public static HeadHash Of(ReadOnlySpan<byte> sealedHead)
    {
        Span<byte> hash = stackalloc byte[Length];
        Digest.Compute(DigestAlgorithm.Sha256, sealedHead, hash);
        return Read(hash);
    }

    public static HeadHash Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Left);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Right);
    }
}
