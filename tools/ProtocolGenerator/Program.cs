using Strongroom.ProtocolGenerator;

// Usage: ProtocolGenerator ROOT [--check | --samples FOLDER]
// Writes the codecs and the document from ROOT/src/Strongroom.Wire/protocol.json; with --check it writes nothing and fails if a file on disk differs.
// --samples writes replies for the C fuzzer to begin with.
if (args is not ([_] or [_, "--check"] or [_, "--samples", _]))
{
    Console.Error.WriteLine("usage: ProtocolGenerator ROOT [--check | --samples FOLDER]\nexample: dotnet run --project tools/ProtocolGenerator -- .");
    return 2;
}

var root = args[0];
var schema = Schema.Load(Path.Combine(root, "src/Strongroom.Wire/protocol.json"));
if (args is [_, _, var folder])
{
    var number = 0;
    foreach (var sample in new Samples(schema).Replies())
    {
        File.WriteAllBytes(Path.Combine(folder, $"sample-{number++}"), sample);
    }

    return 0;
}

var c = new CCodec(schema);
var files = new (string Path, string Text)[]
{
    ("src/Strongroom.Wire/Protocol.g.cs", new CSharpCodec(schema).Generate()),
    ("pkcs11/src/protocol.g.h", c.Header()),
    ("pkcs11/src/protocol.g.c", c.Source()),
    ("docs/protocol.md", Document.Generate(schema)),
};
var stale = 0;
foreach (var (name, text) in files)
{
    var path = Path.Combine(root, name);
    if (File.Exists(path) && File.ReadAllText(path) == text)
    {
        continue;
    }

    stale++;
    if (args.Length == 2)
    {
        Console.Error.WriteLine($"{name} is not what protocol.json generates; run: dotnet run --project tools/ProtocolGenerator -- .");
        continue;
    }

    File.WriteAllText(path, text);
    Console.WriteLine($"wrote {name}");
}

return args.Length == 2 && stale > 0 ? 1 : 0;
