using System.CommandLine;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Crypto;

/// <summary>Bytes given as base64 on the command line or as a file: one of the two.</summary>
internal sealed class BinaryInput
{
    private const int MaxFile = 1 << 20;

    private readonly Option<string?> _text;
    private readonly Option<string?> _path;

    public BinaryInput(string name, string what)
    {
        _text = new Option<string?>(name) { Description = $"{what}, base64", HelpName = "BASE64" };
        _path = new Option<string?>(name + "-path") { Description = $"{what}, a file", HelpName = "PATH" };
    }

    public Option[] Options => [_text, _path];

    /// <summary>The bytes as a stream, for data of any length.</summary>
    public Stream Open(Call call) => (call.Get(_text), call.Get(_path)) switch
    {
        ({ } text, null) => new MemoryStream(Decode(text)),
        (null, { } path) => File.OpenRead(path),
        _ => throw new CommandRefusedException($"Give either {_text.Name} or {_path.Name}"),
    };

    /// <summary>The bytes, at most 1 MiB.</summary>
    public byte[] Read(Call call)
    {
        using var stream = Open(call);
        if (stream.Length > MaxFile)
        {
            throw new CommandRefusedException($"{_path.Name}: the file is larger than {MaxFile} bytes");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private byte[] Decode(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new CommandRefusedException($"{_text.Name} is not base64", e);
        }
    }
}
