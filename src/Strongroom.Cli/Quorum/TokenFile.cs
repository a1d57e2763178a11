using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Quorum;

/// <summary>Reading and writing of token files: JSON in CloudHSM's format 2.0, small, with base64 in it.</summary>
internal static class TokenFile
{
    public const string Version = "2.0";
    private const int MaxSize = 65536;

    /// <summary>Reads a file that must be a JSON object of this version.</summary>
    public static JsonObject Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxSize })
        {
            throw new CommandRefusedException($"{path} is too large for a token file");
        }

        try
        {
            var file = JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { MaxDepth = 8 }) as JsonObject ?? throw new JsonException("it is no object");
            return (string?)file["version"] == Version ? file : throw new JsonException($"its version is not {Version}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new CommandRefusedException($"{path} is no token file: {e.Message}", e);
        }
    }

    /// <summary>Writes a file for its user to sign.</summary>
    public static Task WriteAsync(string path, JsonObject file, CancellationToken cancel) => File.WriteAllTextAsync(path, Terminal.Envelope.Text(file) + "\n", cancel);

    /// <summary>Base64 in a member.</summary>
    public static byte[] Bytes(JsonNode? node, string name, string path)
    {
        try
        {
            return Convert.FromBase64String((string?)node?[name] ?? throw new FormatException("it is missing"));
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new CommandRefusedException($"{path}: \"{name}\" is not base64: {e.Message}", e);
        }
    }

    /// <summary>The list of things to sign, which has one for each HSM of AWS's clusters and one for a cluster here: all its HSMs are one.</summary>
    public static JsonObject Unsigned(byte[] unsigned, byte[]? approvalData = null)
    {
        var token = new JsonObject();
        if (approvalData is not null)
        {
            token["approval_data"] = Convert.ToBase64String(approvalData);
        }

        token["unsigned"] = Convert.ToBase64String(unsigned);
        token["signed"] = "";
        return new JsonObject { ["version"] = Version, ["tokens"] = new JsonArray(token) };
    }

    /// <summary>The one token of such a list.</summary>
    public static JsonNode Only(JsonObject file, string path)
    {
        try
        {
            return file["tokens"]?.AsArray() is [{ } only] ? only : throw new CommandRefusedException($"{path} has not exactly one token");
        }
        catch (InvalidOperationException e)
        {
            throw new CommandRefusedException($"{path}: \"tokens\" is no list", e);
        }
    }

    /// <summary>A public key from a PEM file.</summary>
    /// <returns>SubjectPublicKeyInfo</returns>
    public static byte[] PublicKey(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxSize })
        {
            throw new CommandRefusedException($"{path} is too large for a public key");
        }

        var pem = File.ReadAllText(path);
        if (!PemEncoding.TryFind(pem, out var fields) || !pem.AsSpan()[fields.Label].SequenceEqual("PUBLIC KEY"))
        {
            throw new CommandRefusedException($"{path} holds no public key in PEM (BEGIN PUBLIC KEY)");
        }

        return Convert.FromBase64String(pem[fields.Base64Data]);
    }

    /// <summary>Waits until the user has signed the file's one token.</summary>
    /// <returns>the signature</returns>
    public static byte[] AskForSignature(Terminal.Prompt prompt, string path)
    {
        var answer = prompt.Line("Enter signed token file path (press enter if same as the unsigned token file)");
        var signed = answer.Length > 0 ? answer : path;
        return Bytes(Only(Read(signed), signed), "signed", signed);
    }

    /// <summary>SHA-256.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> data) => SHA256.HashData(data);
}
