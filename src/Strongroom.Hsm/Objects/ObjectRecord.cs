using System.Formats.Cbor;
using System.Globalization;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Objects;

/// <summary>
/// An object as a record of the store: <c>[2, class, key type or null, flags, owner, [shared…], instance, number, part, created (Unix ms), attributes, sealed or null, manage quorum, use quorum]</c>
/// under <c>objects/</c> and the handle in 16 hexadecimal digits. Format 1 has no quorum values, which are then 0.
/// </summary>
internal static class ObjectRecord
{
    public const string Prefix = "objects/";

    private const int Format = 2;
    private const int Fields = 14;
    private const int FormatWithoutQuorum = 1;
    private const int FieldsWithoutQuorum = 12;
    private const int MaxShares = 1024;

    public static string PathOf(ObjectHandle handle) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{handle.Value:x16}");

    public static ObjectHandle HandleOf(string path) => new(ulong.Parse(path.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    public static byte[] Write(HsmObject item)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical, initialCapacity: 256 + item.Attributes.Bytes.Length + (item.Sealed?.Length ?? 0));
        writer.WriteStartArray(Fields);
        writer.WriteInt32(Format);
        writer.WriteUInt64((ulong)item.Class);
        if (item.KeyType is { } keyType)
        {
            writer.WriteUInt64((ulong)keyType);
        }
        else
        {
            writer.WriteNull();
        }

        writer.WriteUInt32((uint)item.Flags);
        writer.WriteUInt64(item.Owner.Value);
        writer.WriteStartArray(item.SharedWith.Length);
        foreach (UserId user in item.SharedWith)
        {
            writer.WriteUInt64(user.Value);
        }

        writer.WriteEndArray();
        writer.WriteByteString(item.Creation.Instance.ToArray());
        writer.WriteUInt64(item.Creation.Number.Value);
        writer.WriteInt32(item.CreationPart);
        writer.WriteInt64(item.Created.ToUnixTimeMilliseconds());
        writer.WriteByteString(item.Attributes.Bytes.Span);
        if (item.Sealed is { } sealedBytes)
        {
            writer.WriteByteString(sealedBytes);
        }
        else
        {
            writer.WriteNull();
        }

        writer.WriteInt32(item.ManageQuorum);
        writer.WriteInt32(item.UseQuorum);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="FormatException">The record is not one of these.</exception>
    public static HsmObject Read(string path, ulong version, ReadOnlyMemory<byte> content)
    {
        try
        {
            var reader = new CborReader(content, CborConformanceMode.Canonical);
            int? fields = reader.ReadStartArray();
            int format = reader.ReadInt32();
            bool hasQuorum = (format, fields) == (Format, Fields);
            if (!hasQuorum && (format, fields) != (FormatWithoutQuorum, FieldsWithoutQuorum))
            {
                throw new FormatException($"{path} is no object of a format that this version knows.");
            }

            var item = new HsmObject
            {
                Handle = HandleOf(path),
                Version = version,
                Class = (ObjectClass)reader.ReadUInt64(),
                KeyType = reader.PeekState() == CborReaderState.Null ? ReadNull<KeyType>(reader) : (KeyType)reader.ReadUInt64(),
                Flags = (ObjectFlags)reader.ReadUInt32(),
                Owner = new UserId(reader.ReadUInt64()),
                SharedWith = ReadShares(reader),
                Creation = new CreationId(new InstanceKey(reader.ReadDefiniteLengthByteString().Span), new CreationNumber(reader.ReadUInt64())),
                CreationPart = reader.ReadInt32(),
                Created = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()),
                Attributes = AttributeBlob.Read(reader.ReadDefiniteLengthByteString().Span),
                Sealed = ReadSealed(reader),
                ManageQuorum = hasQuorum ? reader.ReadInt32() : 0,
                UseQuorum = hasQuorum ? reader.ReadInt32() : 0,
            };
            return item;
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or InvalidDataException or OverflowException or ArgumentException)
        {
            throw new FormatException($"{path} can't be read as an object: {broken.Message}", broken);
        }
    }

    private static byte[]? ReadSealed(CborReader reader)
    {
        if (reader.PeekState() != CborReaderState.Null)
        {
            return reader.ReadByteString();
        }

        reader.ReadNull();
        return null;
    }

    private static T? ReadNull<T>(CborReader reader)
        where T : struct
    {
        reader.ReadNull();
        return null;
    }

    private static UserId[] ReadShares(CborReader reader)
    {
        int count = reader.ReadStartArray() ?? throw new InvalidDataException("indefinite length");
        if (count > MaxShares)
        {
            throw new InvalidDataException("too many shares");
        }

        var users = new UserId[count];
        for (int i = 0; i < count; i++)
        {
            users[i] = new UserId(reader.ReadUInt64());
        }

        reader.ReadEndArray();
        return users;
    }
}
