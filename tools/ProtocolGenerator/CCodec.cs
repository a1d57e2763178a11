using System.Text;

namespace Strongroom.ProtocolGenerator;

/// <summary>Writes protocol.g.h and protocol.g.c: the client's half, which writes requests and reads replies of the data channel.</summary>
internal sealed class CCodec(Schema schema)
{
    private readonly StringBuilder _text = new();
    private readonly SchemaFunction[] _functions = [.. schema.Functions.Where(f => f.Channel == "data")];

    public string Header()
    {
        _text.Clear();
        Line("/* Generated from protocol.json by tools/ProtocolGenerator. Do not edit. */");
        Line("#ifndef STRONGROOM_PROTOCOL_G_H");
        Line("#define STRONGROOM_PROTOCOL_G_H");
        Line("");
        Line("#include \"cbor.h\"");
        Line("");
        foreach (var (name, value) in schema.Limits)
        {
            Line($"#define SR_LIMIT_{Upper(name)} {value}u");
        }

        Line($"#define SR_ALPN \"{schema.Alpn}\"");
        Line($"#define SR_PROTOCOL_VERSION {schema.Versions[^1]}u");
        foreach (var item in schema.Enums)
        {
            Line("");
            Line($"/* {item.Doc} */");
            foreach (var (name, value) in item.Values)
            {
                Line($"#define SR_{Upper(item.Name)}_{Upper(name)} {value}u");
            }
        }

        Line("");
        foreach (var function in _functions)
        {
            Line($"#define SR_FUNCTION_{Upper(function.Name)} {function.Number}u");
        }

        foreach (var item in schema.Structs)
        {
            Struct("sr_" + Snake(item.Name), item.Doc, item.Fields);
        }

        foreach (var function in _functions)
        {
            Struct($"sr_{Snake(function.Name)}_request", function.Doc, function.Request);
            Struct($"sr_{Snake(function.Name)}_reply", $"Answers {function.Name}.", function.Reply);
            Line(WriteSignature(function) + ";");
            Line(ReadSignature(function) + ";");
        }

        Line("");
        Line("#endif");
        return _text.ToString();
    }

    public string Source()
    {
        _text.Clear();
        Line("/* Generated from protocol.json by tools/ProtocolGenerator. Do not edit. */");
        Line("#include \"protocol.g.h\"");
        var written = Reachable(_functions.SelectMany(f => f.Request));
        var read = Reachable(_functions.SelectMany(f => f.Reply));
        foreach (var item in schema.Structs)
        {
            if (written.Contains(item.Name))
            {
                StructWriter(item);
            }

            if (read.Contains(item.Name))
            {
                StructReader(item);
            }
        }

        foreach (var function in _functions)
        {
            Line("");
            Line(WriteSignature(function));
            Line("{");
            Line("    size_t mark = sr_frame_begin(w);");
            Line($"    sr_put_array(w, {4 + function.Request.Count}u);");
            Line("    sr_put_uint(w, id);");
            Line($"    sr_put_uint(w, SR_FUNCTION_{Upper(function.Name)});");
            Line("    sr_put_uint(w, epoch);");
            Line("    sr_put_uint(w, sequence);");
            if (function.Request.Count == 0)
            {
                Line("    (void)r;");
            }

            foreach (var field in function.Request)
            {
                Put(field, "r->" + Snake(field.Name), inner: null);
            }

            Line("    sr_frame_end(w, mark);");
            Line("    return !w->failed;");
            Line("}");
            Line("");
            Line(ReadSignature(function));
            Line("{");
            if (function.Reply.Count == 0)
            {
                Line("    (void)r;");
                Line("    (void)out;");
            }

            if (!function.Reply.Any(f => f.IsList))
            {
                Line("    (void)a;");
            }

            foreach (var field in function.Reply)
            {
                Get(field, "out->" + Snake(field.Name), inner: null);
            }

            Line("    return true;");
            Line("}");
        }

        return _text.ToString();
    }

    private void StructWriter(SchemaStruct item)
    {
        var name = "sr_" + Snake(item.Name);
        var recursive = item.Fields.Any(f => f.Type == item.Name);
        Line("");
        Line($"static void put_{name}(sr_writer *w, const {name} *r{(recursive ? ", bool may_nest" : "")})");
        Line("{");
        Line($"    sr_put_array(w, {item.Fields.Count}u);");
        foreach (var field in item.Fields)
        {
            Put(field, "r->" + Snake(field.Name), item.Name);
        }

        Line("}");
    }

    private void StructReader(SchemaStruct item)
    {
        var name = "sr_" + Snake(item.Name);
        var recursive = item.Fields.Any(f => f.Type == item.Name);
        var lists = item.Fields.Any(f => f.IsList);
        Line("");
        Line($"static bool get_{name}(sr_reader *r, sr_arena *a, {name} *out{(recursive ? ", bool may_nest" : "")})");
        Line("{");
        Line("    size_t fields = 0;");
        if (!lists)
        {
            Line("    (void)a;");
        }

        Line($"    if (!sr_get_array(r, &fields) || fields != {item.Fields.Count}u) {{");
        Line("        return false;");
        Line("    }");
        foreach (var field in item.Fields)
        {
            Get(field, "out->" + Snake(field.Name), item.Name);
        }

        Line("    return true;");
        Line("}");
    }

    // inner: the struct being written, when the field belongs to one; a list of the same struct nests once.
    private void Put(SchemaField field, string value, string? inner)
    {
        var indent = "    ";
        if (field.Optional)
        {
            Line($"    if (!{value}.present) {{");
            Line("        sr_put_null(w);");
            Line("    } else {");
            indent = "        ";
        }

        if (field.IsList)
        {
            var nests = field.Type == inner;
            Line($"{indent}if ({value}.count > {field.List}u{(nests ? " || !may_nest" : "")}) {{");
            Line($"{indent}    w->failed = true;");
            Line($"{indent}    return{(inner is null ? " false" : "")};");
            Line($"{indent}}}");
            Line($"{indent}sr_put_array(w, {value}.count);");
            Line($"{indent}for (size_t i = 0; i < {value}.count; i++) {{");
            Line($"{indent}    {PutItem(field, $"{value}.items[i]", nests)}");
            Line($"{indent}}}");
        }
        else
        {
            Line(indent + PutItem(field, field is { Optional: true, Kind: FieldKind.UInt } ? value + ".value" : value, nests: false));
        }

        if (field.Optional)
        {
            Line("    }");
        }
    }

    private string PutItem(SchemaField field, string value, bool nests) => field.Kind switch
    {
        FieldKind.UInt => $"sr_put_uint(w, {value});",
        FieldKind.Bool => $"sr_put_bool(w, {value});",
        FieldKind.Bytes => $"sr_put_bytes(w, {value}.data, {value}.size);",
        FieldKind.Text => $"sr_put_text(w, {value}.data, {value}.size);",
        _ => $"put_sr_{Snake(field.Type)}(w, &{value}{(Recursive(field.Type) ? nests ? ", false" : ", true" : "")});",
    };

    private void Get(SchemaField field, string target, string? inner)
    {
        var indent = "    ";
        if (field.Optional)
        {
            Line($"    {target}.present = false;");
            Line("    if (!sr_get_null(r)) {");
            indent = "        ";
        }

        if (field.IsList)
        {
            var nests = field.Type == inner;
            var local = Snake(field.Name) + "_items";
            Line($"{indent}size_t {local}_count = 0;");
            Line($"{indent}if (!sr_get_array(r, &{local}_count) || {local}_count > {field.List}u{(nests ? " || !may_nest" : "")}) {{");
            Line($"{indent}    return false;");
            Line($"{indent}}}");
            Line($"{indent}{ItemType(field)} *{local} = sr_arena_take(a, ({local}_count ? {local}_count : 1u) * sizeof *{local});");
            Line($"{indent}if ({local} == NULL) {{");
            Line($"{indent}    return false;");
            Line($"{indent}}}");
            Line($"{indent}for (size_t i = 0; i < {local}_count; i++) {{");
            Line($"{indent}    if (!{GetItem(field, $"{local}[i]", nests)}) {{");
            Line($"{indent}        return false;");
            Line($"{indent}    }}");
            Line($"{indent}}}");
            Line($"{indent}{target}.items = {local};");
            Line($"{indent}{target}.count = {local}_count;");
            Line($"{indent}{target}.present = true;");
        }
        else
        {
            var place = field is { Optional: true, Kind: FieldKind.UInt } ? target + ".value" : target;
            Line($"{indent}if (!{GetItem(field, place, nests: false)}) {{");
            Line($"{indent}    return false;");
            Line($"{indent}}}");
            if (field is { Optional: true, Kind: FieldKind.UInt })
            {
                Line($"{indent}{target}.present = true;");
            }
        }

        if (field.Optional)
        {
            Line("    }");
        }
    }

    private string GetItem(SchemaField field, string target, bool nests) => field.Kind switch
    {
        FieldKind.UInt => $"sr_get_uint(r, &{target})",
        FieldKind.Bool => $"sr_get_bool(r, &{target})",
        FieldKind.Bytes => $"sr_get_bytes(r, &{target}, {field.Max}u)",
        FieldKind.Text => $"sr_get_text(r, &{target}, {field.Max}u)",
        _ => $"get_sr_{Snake(field.Type)}(r, a, &{target}{(Recursive(field.Type) ? nests ? ", false" : ", true" : "")})",
    };

    private void Struct(string name, string doc, IReadOnlyList<SchemaField> fields)
    {
        Line("");
        Line($"/* {doc} */");
        Line($"typedef struct {name} {{");
        foreach (var field in fields)
        {
            var type = field switch
            {
                { IsList: true } => $"struct {{ const {(field.Type == "uint" ? "uint64_t" : $"struct sr_{Snake(field.Type)}")} *items; size_t count; bool present; }}",
                { Kind: FieldKind.UInt, Optional: true } => "struct { uint64_t value; bool present; }",
                _ => ItemType(field),
            };
            Line($"    {type} {Snake(field.Name)};{(field.Doc.Length > 0 ? $" /* {field.Doc} */" : "")}");
        }

        if (fields.Count == 0)
        {
            Line("    char unused; /* no fields */");
        }

        Line($"}} {name};");
    }

    private static string ItemType(SchemaField field) => field.Kind switch
    {
        FieldKind.UInt => "uint64_t",
        FieldKind.Bool => "bool",
        FieldKind.Bytes or FieldKind.Text => "sr_bytes",
        _ => $"sr_{Snake(field.Type)}",
    };

    private bool Recursive(string type) => schema.Structs.First(s => s.Name == type).Fields.Any(f => f.Type == type);

    private HashSet<string> Reachable(IEnumerable<SchemaField> fields)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>(fields.Where(f => f.Kind == FieldKind.Struct).Select(f => f.Type));
        while (open.TryDequeue(out var name))
        {
            if (found.Add(name))
            {
                foreach (var field in schema.Structs.First(s => s.Name == name).Fields.Where(f => f.Kind == FieldKind.Struct))
                {
                    open.Enqueue(field.Type);
                }
            }
        }

        return found;
    }

    private static string WriteSignature(SchemaFunction f) =>
        $"bool sr_write_{Snake(f.Name)}(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_{Snake(f.Name)}_request *r)";

    private static string ReadSignature(SchemaFunction f) => $"bool sr_read_{Snake(f.Name)}(sr_reader *r, sr_arena *a, sr_{Snake(f.Name)}_reply *out)";

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static string Upper(string name) => Snake(name).ToUpperInvariant();

    private void Line(string line) => _text.Append(line).Append('\n');
}
