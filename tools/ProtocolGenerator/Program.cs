using Strongroom.ProtocolGenerator;

// Usage: ProtocolGenerator ROOT [--check]
// Writes the codecs and the document from ROOT/src/Strongroom.Wire/protocol.json; with --check it writes nothing and fails if a file on disk differs.
if (args.Length is < 1 or > 2 || (args.Length == 2 && args[1] != "--check"))
{
    Console.Error.WriteLine("usage: ProtocolGenerator ROOT [--check]\nexample: dotnet run --project tools/ProtocolGenerator -- .");
    return 2;
}

var root = args[0];
var schema = Schema.Load(Path.Combine(root, "src/Strongroom.Wire/protocol.json"));
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
