using System.Buffers.Binary;

namespace Strongroom.Hsm.Objects;

/// <summary>
/// The attributes of an object that are not booleans, packed into one array: each type (8 bytes), length (4 bytes), value. A million objects are held in memory, so an object must
/// not be a dictionary. A nested template is a blob within a blob.
/// </summary>
internal readonly struct AttributeBlob
{
    private const int HeaderSize = 12;

    private readonly byte[] _bytes;

    private AttributeBlob(byte[] bytes) => _bytes = bytes;

    public static AttributeBlob Empty => new([]);

    /// <summary>The packed bytes, as stored.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Takes packed bytes of a record or of a nested template.</summary>
    /// <exception cref="InvalidDataException">They are not well formed.</exception>
    public static AttributeBlob Read(ReadOnlySpan<byte> packed)
    {
        for (ReadOnlySpan<byte> rest = packed; rest.Length > 0;)
        {
            if (rest.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]) > (uint)(rest.Length - HeaderSize))
            {
                throw new InvalidDataException("An object's attributes are cut short.");
            }

            rest = rest[(HeaderSize + BinaryPrimitives.ReadInt32LittleEndian(rest[8..]))..];
        }

        return new AttributeBlob(packed.ToArray());
    }

    /// <summary>Packs attributes in the order of their types.</summary>
    public static AttributeBlob Pack(IReadOnlyDictionary<AttributeType, ReadOnlyMemory<byte>> attributes)
    {
        var bytes = new byte[attributes.Values.Sum(value => HeaderSize + value.Length)];
        Span<byte> rest = bytes;
        foreach ((AttributeType type, ReadOnlyMemory<byte> value) in attributes.OrderBy(pair => pair.Key))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, (ulong)type);
            BinaryPrimitives.WriteInt32LittleEndian(rest[8..], value.Length);
            value.Span.CopyTo(rest[HeaderSize..]);
            rest = rest[(HeaderSize + value.Length)..];
        }

        return new AttributeBlob(bytes);
    }

    /// <summary>Whether the attribute is there, and its value.</summary>
    public bool TryGet(AttributeType type, out ReadOnlyMemory<byte> value)
    {
        for (int at = 0; at < _bytes.Length;)
        {
            ReadOnlySpan<byte> header = _bytes.AsSpan(at, HeaderSize);
            int length = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
            if (BinaryPrimitives.ReadUInt64LittleEndian(header) == (ulong)type)
            {
                value = _bytes.AsMemory(at + HeaderSize, length);
                return true;
            }

            at += HeaderSize + length;
        }

        value = default;
        return false;
    }

    /// <summary>The value, or nothing.</summary>
    public ReadOnlySpan<byte> Get(AttributeType type) => TryGet(type, out ReadOnlyMemory<byte> value) ? value.Span : default;

    /// <summary>Copies the attributes into a dictionary, to change them.</summary>
    public Dictionary<AttributeType, ReadOnlyMemory<byte>> Unpack()
    {
        var attributes = new Dictionary<AttributeType, ReadOnlyMemory<byte>>();
        for (int at = 0; at < _bytes.Length;)
        {
            ReadOnlySpan<byte> header = _bytes.AsSpan(at, HeaderSize);
            int length = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
            attributes.Add((AttributeType)BinaryPrimitives.ReadUInt64LittleEndian(header), _bytes.AsMemory(at + HeaderSize, length));
            at += HeaderSize + length;
        }

        return attributes;
    }
}
