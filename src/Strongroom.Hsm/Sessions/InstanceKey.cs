using System.Buffers.Binary;

namespace Strongroom.Hsm;

/// <summary>The Ed25519 public key of an instance: 32 bytes that name one initialised client library in one process.</summary>
public readonly record struct InstanceKey
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <param name="publicKey">32 bytes, RFC 8032.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public InstanceKey(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != Size)
        {
            throw new ArgumentException("An instance key has 32 bytes.", nameof(publicKey));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(publicKey);
        _b = BinaryPrimitives.ReadUInt64BigEndian(publicKey[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(publicKey[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(publicKey[24..]);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _a);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), _b);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), _c);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), _d);
        return bytes;
    }

    public override string ToString() => $"{_a:x16}{_b:x16}{_c:x16}{_d:x16}";
}
