using System.Text;

namespace Strongroom.ProtocolGenerator;

/// <summary>Writes docs/protocol.md.</summary>
internal static class Document
{
    public static string Generate(Schema schema)
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');
        void Table(IReadOnlyList<SchemaField> fields)
        {
            Line("| field | type | meaning |");
            Line("|---|---|---|");
            foreach (var field in fields)
            {
                Line($"| {field.Name} | {TypeOf(field)} | {field.Doc} |");
            }
        }

        Line("# The protocol");
        Line("");
        Line("Generated from `src/Strongroom.Wire/protocol.json` by `tools/ProtocolGenerator`, like the codecs on both sides.");
        Line("");
        Line("A frame is a 4-byte big-endian length and one CBOR array (RFC 8949) of definite length.");
        Line("");
        Line("- Request: `[id, function, epoch, sequence, field …]`. The id is the client's choice; epoch and sequence are the highest that the client has seen, so that reads follow writes.");
        Line("- Reply: `[id, rv, epoch, sequence, field …]`. Replies come in any order. Where rv is not 0 there is one field, the cause in words.");
        Line("- rv is a return value of PKCS#11 (CKR_…). An absent optional field is null. A struct is an array of its fields.");
        Line("- Only definite lengths, unsigned integers in their shortest form, byte strings, text strings (UTF-8), arrays, true, false and null are in use; anything else ends the connection.");
        Line("- Readers check length, depth and count before they allocate.");
        Line("");
        Line($"Versions: {string.Join(", ", schema.Versions)}. ALPN: `{schema.Alpn}`. {string.Join(" ", schema.Channels.Select(c => $"Channel `{c.Key}`: {c.Value}."))}");
        Line("");
        Line("| limit | value |");
        Line("|---|---|");
        foreach (var (name, value) in schema.Limits)
        {
            Line($"| {name} | {value} |");
        }

        Line("");
        Line("## Enumerations");
        foreach (var item in schema.Enums)
        {
            Line("");
            Line($"**{item.Name}**: {item.Doc} {string.Join(", ", item.Values.Select(v => $"{v.Name} {v.Value}"))}.");
        }

        Line("");
        Line("## Structs");
        foreach (var item in schema.Structs)
        {
            Line("");
            Line($"### {item.Name}");
            Line(item.Doc);
            Line("");
            Table(item.Fields);
        }

        foreach (var channel in schema.Channels.Keys)
        {
            Line("");
            Line($"## Functions of the {channel} channel");
            foreach (var function in schema.Functions.Where(f => f.Channel == channel))
            {
                Line("");
                Line($"### {function.Number} {function.Name}");
                Line(function.Doc);
                foreach (var (kind, fields) in new[] { ("Request", function.Request), ("Reply", function.Reply) })
                {
                    Line("");
                    Line(fields.Count == 0 ? $"{kind}: no fields." : $"{kind}:");
                    if (fields.Count > 0)
                    {
                        Line("");
                        Table(fields);
                    }
                }
            }
        }

        return text.ToString();
    }

    private static string TypeOf(SchemaField field)
    {
        var name = field.Kind is FieldKind.Bytes or FieldKind.Text ? $"{field.Type} ≤ {field.Max}" : field.Type;
        return name + (field.IsList ? $", list ≤ {field.List}" : "") + (field.Optional ? ", optional" : "");
    }
}
