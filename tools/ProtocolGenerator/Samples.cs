using System.Buffers.Binary;

namespace Strongroom.ProtocolGenerator;

/// <summary>
/// Replies for the C fuzzer to begin with, so that what is new in the protocol is reached at once: of each function some that are right, each of them cut off and disturbed at every item, and lists beyond their bounds.
/// A sample is the function's number in one byte, then the frame.
/// </summary>
internal sealed class Samples(Schema schema)
{
    private const byte Null = 0xF6;
    private const byte Undefined = 0xF7; // an item that no message has
    private const int MaxNesting = 2;

    private enum Shape
    {
        Empty,
        One,
        Full,
        Absent,
    }

    /// <summary>All of them.</summary>
    public IEnumerable<byte[]> Replies() => schema.Functions.Where(function => function.Number <= byte.MaxValue).SelectMany(Of);

    private IEnumerable<byte[]> Of(SchemaFunction function)
    {
        byte[] start = [(byte)function.Number, .. Head(4, 4 + function.Reply.Count), 1, 0, 1, 2];
        foreach (var shape in Enum.GetValues<Shape>())
        {
            var items = function.Reply.SelectMany(field => Items(field, shape, 0)).ToList();
            for (var cut = 0; cut <= items.Count; cut++)
            {
                byte[] before = [.. start, .. items.Take(cut).SelectMany(item => item)];
                yield return before;
                yield return [.. before, Undefined, .. items.Skip(cut + 1).SelectMany(item => item)];
            }
        }

        for (var i = 0; i < function.Reply.Count; i++)
        {
            if (function.Reply[i].IsList)
            {
                yield return [.. start, .. function.Reply.Take(i).SelectMany(field => Items(field, Shape.One, 0)).SelectMany(item => item), .. Head(4, function.Reply[i].List + 1), .. new byte[function.Reply[i].List + 2]];
            }
        }
    }

    private List<byte[]> Items(SchemaField field, Shape shape, int nesting)
    {
        if (field.Optional && shape == Shape.Absent)
        {
            return [[Null]];
        }

        if (!field.IsList)
        {
            return Item(field, shape, nesting);
        }

        var count = nesting > MaxNesting ? 0 : shape switch { Shape.One => 1, Shape.Full => 2, _ => 0 };
        return [Head(4, count), .. Enumerable.Range(0, count).SelectMany(i => Item(field, i == 0 ? shape : Shape.Absent, nesting + 1))];
    }

    private List<byte[]> Item(SchemaField field, Shape shape, int nesting) => field.Kind switch
    {
        FieldKind.UInt => [Head(0, shape switch { Shape.Full => 300, Shape.Empty => 70_000, _ => 7 })],
        FieldKind.Bool => [[shape == Shape.One ? (byte)0xF4 : (byte)0xF5]],
        FieldKind.Bytes => [shape == Shape.Empty ? [0x40] : [0x42, 1, 2]],
        FieldKind.Text => [shape == Shape.Empty ? [0x60] : [0x63, (byte)'a', 0xC3, 0xA9]],
        _ => Members(schema.Structs.Single(known => known.Name == field.Type), shape, nesting),
    };

    private List<byte[]> Members(SchemaStruct known, Shape shape, int nesting) => [Head(4, known.Fields.Count), .. known.Fields.SelectMany(member => Items(member, shape, nesting))];

    // RFC 8949, 3: the shortest form.
    private static byte[] Head(int major, int value)
    {
        var head = new byte[5];
        if (value < 24)
        {
            return [(byte)((major << 5) | value)];
        }

        if (value <= byte.MaxValue)
        {
            return [(byte)((major << 5) | 24), (byte)value];
        }

        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), value);
        head[0] = (byte)((major << 5) | 26);
        return value > ushort.MaxValue ? head : [(byte)((major << 5) | 25), .. head[3..]];
    }
}
