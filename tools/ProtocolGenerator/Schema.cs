using System.Text.Json;

namespace Strongroom.ProtocolGenerator;

/// <summary>protocol.json, read and checked: every message of the wire with its fields and bounds.</summary>
internal sealed record Schema(
    IReadOnlyList<int> Versions,
    string Alpn,
    IReadOnlyDictionary<string, int> Limits,
    IReadOnlyList<SchemaEnum> Enums,
    IReadOnlyList<SchemaStruct> Structs,
    IReadOnlyDictionary<string, string> Channels,
    IReadOnlyList<SchemaFunction> Functions)
{
    public static Schema Load(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        var schema = new Schema(
            [.. root.GetProperty("versions").EnumerateArray().Select(v => v.GetInt32())],
            Text(root, "alpn"),
            root.GetProperty("limits").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32()),
            [.. root.GetProperty("enums").EnumerateObject().Select(p => new SchemaEnum(p.Name, Text(p.Value, "doc"),
                [.. p.Value.GetProperty("values").EnumerateObject().Select(v => (v.Name, v.Value.GetInt32()))]))],
            [.. root.GetProperty("structs").EnumerateObject().Select(p => new SchemaStruct(p.Name, Text(p.Value, "doc"), Fields(p.Value.GetProperty("fields"))))],
            root.GetProperty("channels").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!),
            [.. root.GetProperty("functions").EnumerateArray().Select(f => new SchemaFunction(
                f.GetProperty("number").GetInt32(), Text(f, "name"), Text(f, "channel"), Text(f, "doc"), Fields(f.GetProperty("request")), Fields(f.GetProperty("reply"))))]);
        schema.Check();
        return schema;
    }

    private void Check()
    {
        var structs = Structs.Select(s => s.Name).ToHashSet();
        var fields = Structs.SelectMany(s => s.Fields.Select(f => (Owner: s.Name, Field: f)))
            .Concat(Functions.SelectMany(m => m.Request.Concat(m.Reply).Select(f => (Owner: m.Name, Field: f))));
        foreach (var (owner, field) in fields)
        {
            if (field.Kind == FieldKind.Struct && !structs.Contains(field.Type))
            {
                throw new InvalidDataException($"{owner}.{field.Name}: no type '{field.Type}'");
            }

            if (field.Kind is FieldKind.Bytes or FieldKind.Text && field.Max == 0)
            {
                throw new InvalidDataException($"{owner}.{field.Name}: bytes and text need a 'max'");
            }
        }

        if (Functions.Select(f => f.Number).Distinct().Count() != Functions.Count)
        {
            throw new InvalidDataException("two functions share a number");
        }

        if (Functions.FirstOrDefault(f => !Channels.ContainsKey(f.Channel)) is { } stray)
        {
            throw new InvalidDataException($"{stray.Name}: no channel '{stray.Channel}'");
        }
    }

    private static SchemaField[] Fields(JsonElement list) =>
        [.. list.EnumerateArray().Select(f => new SchemaField(
            Text(f, "name"), Text(f, "type"), Number(f, "max"), Number(f, "list"), f.TryGetProperty("optional", out var o) && o.GetBoolean(), Text(f, "doc")))];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static int Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetInt32() : 0;
}

internal sealed record SchemaEnum(string Name, string Doc, IReadOnlyList<(string Name, int Value)> Values);

internal sealed record SchemaStruct(string Name, string Doc, IReadOnlyList<SchemaField> Fields);

internal sealed record SchemaFunction(
    int Number, string Name, string Channel, string Doc, IReadOnlyList<SchemaField> Request, IReadOnlyList<SchemaField> Reply);

internal enum FieldKind
{
    UInt,
    Bool,
    Bytes,
    Text,
    Struct,
}

/// <summary>One field: its type, the longest it may be, and for lists the most items.</summary>
internal sealed record SchemaField(string Name, string Type, int Max, int List, bool Optional, string Doc)
{
    public FieldKind Kind => Type switch
    {
        "uint" => FieldKind.UInt,
        "bool" => FieldKind.Bool,
        "bytes" => FieldKind.Bytes,
        "text" => FieldKind.Text,
        _ => FieldKind.Struct,
    };

    public bool IsList => List > 0;
}
