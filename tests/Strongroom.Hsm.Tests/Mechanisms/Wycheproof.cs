using System.IO.Compression;
using System.Text.Json;

namespace Strongroom.Hsm.Tests.Mechanisms;

/// <summary>Reads a file of tests/vectors/wycheproof.</summary>
internal static class Wycheproof
{
    /// <summary>One case with its group.</summary>
    public readonly record struct Case(JsonElement Group, JsonElement Test)
    {
        public int Id => Test.GetProperty("tcId").GetInt32();

        public string Result => Test.GetProperty("result").GetString()!;

        public bool IsValid => Result == "valid";

        public byte[] Bytes(string name) => Convert.FromHexString(Test.GetProperty(name).GetString()!);

        public byte[] GroupBytes(string name) => Convert.FromHexString(Group.GetProperty(name).GetString()!);

        public int GroupNumber(string name) => Group.GetProperty(name).GetInt32();

        public string GroupText(string name) => Group.GetProperty(name).GetString()!;

        public override string ToString() => $"case {Id} ({Test.GetProperty("comment").GetString()})";
    }

    /// <summary>Runs every case; fails if there is none, or naming those that did not end as the file says.</summary>
    /// <param name="file">Without its suffix.</param>
    /// <param name="works">Whether the case was accepted.</param>
    public static void Run(string file, Func<Case, bool> works)
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "vectors", file + ".json.gz")), CompressionMode.Decompress);
        using var document = JsonDocument.Parse(stream);
        var wrong = new List<string>();
        var count = 0;
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var one = new Case(group, test);
                count++;
                var worked = works(one);
                if (one.Result != "acceptable" && worked != one.IsValid)
                {
                    wrong.Add($"{one}: expected {one.Result}");
                }
            }
        }

        Assert.Equal(document.RootElement.GetProperty("numberOfTests").GetInt32(), count);
        Assert.Empty(wrong);
    }
}
