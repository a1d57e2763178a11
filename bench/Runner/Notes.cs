namespace Strongroom.Bench;

/// <summary>
/// bench/NOTES.md: what is to be said beside the figures. Each of its second-level headings is the name of a promise, and what follows goes under the table whenever that promise is missed: where the time goes, and what was tried.
/// A heading that is no promise's name goes there always.
/// </summary>
internal static class Notes
{
    /// <summary>Headings and their texts, in order.</summary>
    public static IReadOnlyList<(string Heading, string Text)> Read(string path) =>
        [.. File.ReadAllText(path).Split("\n## ").Skip(1).Select(part => part.Split('\n', 2)).Select(part => (part[0].Trim(), part[1].Trim()))];
}
