using System.Formats.Cbor;
using System.Text;

namespace Strongroom.Wire;

/// <summary>Reads and writes the fields of messages. Every length and count is checked before anything is allocated; bytes are slices of the frame, not copies.</summary>
internal static class Fields
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Start(CborReader reader, int count, string place)
    {
        if (reader.ReadStartArray() != count)
        {
            throw new WireFormatException($"{place}: wrong number of fields");
        }
    }

    public static ulong UInt(CborReader reader) => reader.ReadUInt64();

    public static ulong? OptionalUInt(CborReader reader) => IsNull(reader) ? null : reader.ReadUInt64();

    public static ReadOnlyMemory<byte> Bytes(CborReader reader, int max, string place)
    {
        var value = reader.ReadDefiniteLengthByteString();
        return value.Length <= max ? value : throw new WireFormatException($"{place}: {value.Length} bytes, at most {max}");
    }

    // The cast matters: a bare null would become an empty ReadOnlyMemory by way of byte[].
    public static ReadOnlyMemory<byte>? OptionalBytes(CborReader reader, int max, string place) => IsNull(reader) ? (ReadOnlyMemory<byte>?)null : Bytes(reader, max, place);

    public static string Text(CborReader reader, int max, string place)
    {
        var value = reader.ReadDefiniteLengthTextStringBytes();
        if (value.Length > max)
        {
            throw new WireFormatException($"{place}: {value.Length} bytes, at most {max}");
        }

        try
        {
            return Utf8.GetString(value.Span);
        }
        catch (DecoderFallbackException)
        {
            throw new WireFormatException($"{place}: not UTF-8");
        }
    }

    public static string? OptionalText(CborReader reader, int max, string place) => IsNull(reader) ? null : Text(reader, max, place);

    public static T[] List<T>(CborReader reader, int max, Func<CborReader, T> item, string place)
    {
        // Each item takes at least one byte, so a count beyond the bytes left is refused before the array is made.
        var count = reader.ReadStartArray().GetValueOrDefault(-1);
        if ((uint)count > max || count > reader.BytesRemaining)
        {
            throw new WireFormatException($"{place}: not a list of at most {max}");
        }

        var items = count == 0 ? [] : new T[count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = item(reader);
        }

        reader.ReadEndArray();
        return items;
    }

    public static T[]? OptionalList<T>(CborReader reader, int max, Func<CborReader, T> item, string place) => IsNull(reader) ? null : List(reader, max, item, place);

    public static void Write(CborWriter writer, ulong value) => writer.WriteUInt64(value);

    public static void Write(CborWriter writer, bool value) => writer.WriteBoolean(value);

    public static void Write(CborWriter writer, ReadOnlyMemory<byte> value) => writer.WriteByteString(value.Span);

    public static void Write(CborWriter writer, string? value)
    {
        if (value is null)
        {
            writer.WriteNull();
        }
        else
        {
            writer.WriteTextString(value);
        }
    }

    public static void Write(CborWriter writer, ulong? value)
    {
        if (value is { } number)
        {
            writer.WriteUInt64(number);
        }
        else
        {
            writer.WriteNull();
        }
    }

    public static void Write(CborWriter writer, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
        {
            writer.WriteByteString(bytes.Span);
        }
        else
        {
            writer.WriteNull();
        }
    }

    public static void WriteList(CborWriter writer, ulong[] items) => WriteList(writer, items, static (w, item) => w.WriteUInt64(item));

    public static void WriteList<T>(CborWriter writer, T[]? items, Action<CborWriter, T> write)
    {
        if (items is null)
        {
            writer.WriteNull();
            return;
        }

        writer.WriteStartArray(items.Length);
        foreach (var item in items)
        {
            write(writer, item);
        }

        writer.WriteEndArray();
    }

    private static bool IsNull(CborReader reader)
    {
        if (reader.PeekState() != CborReaderState.Null)
        {
            return false;
        }

        reader.ReadNull();
        return true;
    }
}
