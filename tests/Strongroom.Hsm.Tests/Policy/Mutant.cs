using System.Text.RegularExpressions;

namespace Strongroom.Hsm.Tests.Policy;

/// <summary>The authorisation point with one check taken out.</summary>
/// <param name="File">Which file of Policy/.</param>
/// <param name="Line">Where, from 1.</param>
/// <param name="Text">The whole file, changed.</param>
/// <param name="What">The line before and after.</param>
internal sealed partial record Mutant(string File, int Line, string Text, string What)
{
    // Never true, which the compiler does not know.
    private const string Never = "Environment.TickCount64 < 0";

    /// <summary>All of them: each condition that refuses made to refuse nothing, each cell of the tables turned round, each least standing lowered.</summary>
    public static IReadOnlyList<Mutant> Of(string folder) =>
    [
        .. ((string[])["KeyRing.cs", "QuorumGate.cs"]).SelectMany(file => OfChecks(Path.Combine(folder, file))),
        .. OfCells(Path.Combine(folder, "Permissions.Table.cs")),
        .. OfStandings(Path.Combine(folder, "UseRules.Table.cs")),
    ];

    public override string ToString() => $"{File}:{Line} {What}";

    private static IEnumerable<Mutant> OfChecks(string path) => Changed(path, line =>
        Refusing().Match(line) is { Success: true } guard ? [line[..guard.Groups[1].Index] + $"({guard.Groups[1].Value}) && {Never}" + line[(guard.Groups[1].Index + guard.Groups[1].Length)..]]
        : Arm().Match(line) is { Success: true } arm ? [line[..arm.Groups[1].Index] + $"({arm.Groups[1].Value}) && {Never}" + line[(arm.Groups[1].Index + arm.Groups[1].Length)..]]
        : Pattern().Match(line) is { Success: true } pattern ? [line[..pattern.Groups[1].Index] + $" when {Never}" + line[pattern.Groups[1].Index..]]
        : Choices().Matches(line).Select(choice => line[..choice.Index] + $" && {Never}" + line[choice.Index..]));

    private static IEnumerable<Mutant> OfCells(string path) => Changed(path, line => line.Contains("new(Permission.", StringComparison.Ordinal)
        ? Cell().Matches(line).Select(cell => line[..cell.Index] + (cell.Value == "true" ? "false" : "true") + line[(cell.Index + cell.Length)..])
        : []);

    private static IEnumerable<Mutant> OfStandings(string path) => Changed(path, line =>
        line.Contains("Standing.Owner", StringComparison.Ordinal) ? [line.Replace("Standing.Owner", "Standing.Shared", StringComparison.Ordinal)]
        : line.Contains("Standing.Shared", StringComparison.Ordinal) ? [line.Replace("Standing.Shared", "Standing.Public", StringComparison.Ordinal)]
        : []);

    private static IEnumerable<Mutant> Changed(string path, Func<string, IEnumerable<string>> change)
    {
        string[] lines = System.IO.File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            foreach (string changed in change(lines[i]))
            {
                string[] all = [.. lines];
                all[i] = changed;
                yield return new Mutant(Path.GetFileName(path), i + 1, string.Join('\n', all), $"{lines[i].Trim()}  →  {changed.Trim()}");
            }
        }
    }

    // if (…): not the ones that look something up, which the compiler needs.
    [GeneratedRegex(@"^\s+if \((?!.*is not \{ \} \w|.*is not \(var|!lease\.IsOk|attribute\.Type|!TryFind)(.*)\)$")]
    private static partial Regex Refusing();

    // _ when … =>
    [GeneratedRegex(@"^\s+_ when (.*?)(?: =>.*)?$")]
    private static partial Regex Arm();

    // (pattern, pattern) => Causes.X
    [GeneratedRegex(@"^\s+\(.*\)( => Causes\.\w+,)$")]
    private static partial Regex Pattern();

    // … ? Causes.X :
    [GeneratedRegex(@" \? Causes\.")]
    private static partial Regex Choices();

    [GeneratedRegex(@"\b(true|false)\b")]
    private static partial Regex Cell();
}
