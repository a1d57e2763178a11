using System.IO.Compression;
using System.Text.Json;

namespace Strongroom.EndToEnd.Tests.Wycheproof;

/// <summary>One file of Wycheproof.</summary>
internal sealed class VectorFile : IDisposable
{
    private readonly JsonDocument _document;

    public VectorFile(string name)
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "vectors", name + ".json.gz")), CompressionMode.Decompress);
        _document = JsonDocument.Parse(stream);
    }

    public string Algorithm => _document.RootElement.GetProperty("algorithm").GetString()!;

    public IEnumerable<JsonElement> Groups => _document.RootElement.GetProperty("testGroups").EnumerateArray();

    public IEnumerable<(JsonElement Group, Vector Vector)> Vectors => from @group in Groups from vector in VectorsOf(@group) select (@group, vector);

    public static IEnumerable<Vector> VectorsOf(JsonElement group) => group.GetProperty("tests").EnumerateArray().Select(test => new Vector(test));

    public void Dispose() => _document.Dispose();
}

/// <summary>One test of a file.</summary>
internal readonly record struct Vector(JsonElement Json)
{
    public int Id => Json.GetProperty("tcId").GetInt32();

    public bool IsValid => Json.GetProperty("result").GetString() == "valid";

    public bool IsInvalid => Json.GetProperty("result").GetString() == "invalid";

    public byte[] Bytes(string name) => Json.Bytes(name);

    public bool HasFlag(string flag) => Json.TryGetProperty("flags", out var flags) && flags.EnumerateArray().Any(f => f.GetString() == flag);
}

internal static class JsonBytes
{
    /// <summary>A hexadecimal field; an odd number of digits (an integer) gets a leading zero.</summary>
    public static byte[] Bytes(this JsonElement json, string name)
    {
        var text = json.GetProperty(name).GetString()!;
        return Convert.FromHexString(text.Length % 2 == 0 ? text : "0" + text);
    }

    /// <summary>A big integer of PKCS#11: unsigned, without leading zeros.</summary>
    public static byte[] Integer(this JsonElement json, string name)
    {
        var bytes = json.Bytes(name);
        var zeros = bytes.TakeWhile(b => b == 0).Count();
        return bytes[Math.Min(zeros, bytes.Length - 1)..];
    }
}
