using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Strongroom.Hsm.Tests.Policy;

/// <summary>One check of the authorisation point that can be taken out: a piece of a line, and what is put around it. All of them are compiled into one module, and a run of it is told which one is out.</summary>
/// <param name="File">Which file of the module, from its folder.</param>
/// <param name="Line">Where, from 0.</param>
/// <param name="Start">Where the piece begins in the line.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Before">Put before the piece; # stands for the mutant's number.</param>
/// <param name="After">Put after it.</param>
/// <param name="Text">The whole line.</param>
internal sealed partial record Mutant(string File, int Line, int Start, int End, string Before, string After, string Text)
{
    /// <summary>The environment variable that tells the module which check is out.</summary>
    public const string Variable = "STRONGROOM_MUTANT";

    /// <summary>What the pieces call, compiled with them.</summary>
    public const string Switch = $$"""
        namespace Strongroom.Hsm;

        internal static class Mutants
        {
            private static readonly int Chosen = int.Parse(System.Environment.GetEnvironmentVariable("{{Variable}}") ?? "-1", System.Globalization.CultureInfo.InvariantCulture);

            public static bool Is(int number) => number == Chosen;

            public static Policy.Standing Shared(int number, Policy.Standing standing) => Is(number) && standing < Policy.Standing.Shared ? Policy.Standing.Shared : standing;
        }
        """;

    private static readonly string[] Checks = ["Policy/KeyRing.cs", "Policy/QuorumGate.cs", "Policy/Standings.cs", "Policy/OracleGuard.cs", "Quorum/Approval.cs", "Quorum/ApprovalToken.cs", "Quorum/ApprovalTokens.cs"];
    private static readonly string[] Tables = ["Policy/Permissions.Table.cs", "Policy/UseRules.Table.cs"];

    /// <summary>
    /// All of them: each condition that refuses made to refuse nothing, each that permits made to permit everything, each part of either taken out by itself; each key made known to everyone; each cell of the tables turned round, each
    /// least standing lowered, each approval asked for something else or not at all.
    /// </summary>
    public static IReadOnlyList<Mutant> Of(string module) => [.. Checks.SelectMany(file => Of(module, file, OfCheck)), .. Tables.SelectMany(file => Of(module, file, OfRow))];

    /// <summary>The changed files, each with all of its mutants in it.</summary>
    public static IEnumerable<(string File, string Text)> Weave(string module, IReadOnlyList<Mutant> mutants) => mutants.Index().GroupBy(one => one.Item.File).Select(file =>
    {
        string[] lines = System.IO.File.ReadAllLines(Path.Combine(module, file.Key));
        foreach (IGrouping<int, (int Number, Mutant Mutant)> line in file.GroupBy(one => one.Item.Line))
        {
            lines[line.Key] = Weave(lines[line.Key], line);
        }

        return (file.Key, string.Join('\n', lines));
    });

    public override string ToString() => $"{File}:{Line + 1} {Before}{Text[Start..End]}{After}   in   {Text.Trim()}";

    // Pieces lie beside or within each other: what is around ends last and begins first.
    private static string Weave(string line, IEnumerable<(int Number, Mutant Mutant)> pieces)
    {
        var woven = new StringBuilder();
        (int Number, Mutant Mutant)[] outward = [.. pieces.OrderBy(one => one.Mutant.End - one.Mutant.Start).ThenBy(one => one.Number)];
        for (int i = 0; i <= line.Length; i++)
        {
            foreach ((int number, Mutant mutant) in outward.Where(one => one.Mutant.End == i))
            {
                woven.Append(mutant.After.Replace("#", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            }

            foreach ((int number, Mutant mutant) in outward.Reverse().Where(one => one.Mutant.Start == i))
            {
                woven.Append(mutant.Before.Replace("#", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            }

            woven.Append(i < line.Length ? line[i] : "");
        }

        return woven.ToString();
    }

    private static IEnumerable<Mutant> Of(string module, string file, Func<string, IEnumerable<(int Start, int End, string Before, string After)>> of) =>
        System.IO.File.ReadAllLines(Path.Combine(module, file)).Index().Where(line => !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .SelectMany(line => of(line.Item).Select(piece => new Mutant(file, line.Index, piece.Start, piece.End, piece.Before, piece.After, line.Item)));

    private static IEnumerable<(int Start, int End, string Before, string After)> OfCheck(string line) =>
    [
        .. Refusing().Matches(line).Select(match => match.Groups[1]).Select(group => Refuses(group.Index, group.Index + group.Length)),
        .. Ending().Matches(line).Select(match => (match.Index, match.Index, "", " when !Mutants.Is(#)")),
        .. Refusals().Matches(line).Select(match => (Start: Back(line, match.Index, Whole()), End: match.Index)).Where(piece => !LooksUp().IsMatch(line[piece.Start..piece.End])).Select(piece => Refuses(piece.Start, piece.End)),
        .. Permissions(line).Select(end => (Start: Back(line, end, Whole()), End: end)).Where(piece => !Declares().IsMatch(line[piece.Start..piece.End])).Select(piece => Permits(piece.Start, piece.End)),
        .. Parts(line),
        .. Comparison().Matches(line).Select(match => match.Groups[1]).Select(group => Permits(group.Index, group.Index + group.Length)),
        .. Known().Matches(line).Select(match => (match.Index, match.Index + match.Length, "Mutants.Shared(#, ", ")")),
        .. Value().Matches(line).Select(match => (match.Index, match.Index + match.Length, $"(Mutants.Is(#) ? key!.{(match.Groups[1].Value == "Use" ? "Manage" : "Use")}Quorum : ", ")")),
    ];

    private static IEnumerable<(int Start, int End, string Before, string After)> OfRow(string line) => !line.TrimStart().StartsWith("new(", StringComparison.Ordinal) ? [] :
    [
        .. Cell().Matches(line).Select(match => (match.Index, match.Index + match.Length, "(", " != Mutants.Is(#))")),
        .. Least().Matches(line).Select(match => (match.Index, match.Index + match.Length, $"(Mutants.Is(#) ? Standing.{(match.Groups[1].Value == "Owner" ? "Shared" : "Public")} : ", ")")),
        .. Service().Matches(line).Select(match => (match.Index, match.Index + match.Length, $"(Mutants.Is(#) ? QuorumService.{match.Groups[1].Value switch { "KeyUsage" => "KeyManagement", "KeyManagement" => "KeyUsage", _ => "None" }} : ", ")")),
    ];

    // Every operand of every && and ||: one of && no longer asks, one of || no longer counts.
    private static IEnumerable<(int Start, int End, string Before, string After)> Parts(string line)
    {
        var seen = new HashSet<int>();
        foreach (Match match in Operator().Matches(line))
        {
            bool isAnd = match.Value.Contains("&&", StringComparison.Ordinal);
            foreach ((int start, int end) in ((int, int)[])[(Back(line, match.Index, Operand()), match.Index), (match.Index + match.Length, Ahead(line, match.Index + match.Length))])
            {
                if (start < end && !Declares().IsMatch(line[start..end]) && seen.Add(start))
                {
                    yield return isAnd ? Permits(start, end) : Refuses(start, end);
                }
            }
        }
    }

    private static (int Start, int End, string Before, string After) Refuses(int start, int end) => (start, end, "((", ") && !Mutants.Is(#))");

    private static (int Start, int End, string Before, string After) Permits(int start, int end) => (start, end, "((", ") || Mutants.Is(#))");

    // Where the conditions end that let something through: … ? x : Causes.X, … ? Standing.X.
    private static IEnumerable<int> Permissions(string line) => Standings().Matches(line).Select(match => match.Index)
        .Concat(Refused().Matches(line).Select(match => line.LastIndexOf(" ? ", match.Index, StringComparison.Ordinal)).Where(end => end > 0 && !Refusals().IsMatch(line[end..])));

    // Where an expression that ends here begins, and where one that begins here ends, in its own parentheses.
    private static int Back(string line, int end, Regex opens)
    {
        for (int at = end, depth = 0; at > 0; at--)
        {
            depth += line[at - 1] is ')' or ']' or '}' ? 1 : line[at - 1] is '(' or '[' or '{' ? -1 : 0;
            if (depth < 0 || (depth == 0 && opens.IsMatch(line[..at])))
            {
                return at;
            }
        }

        return end;
    }

    private static int Ahead(string line, int start)
    {
        for (int at = start, depth = 0; at < line.Length; at++)
        {
            depth += line[at] is '(' or '[' or '{' ? 1 : line[at] is ')' or ']' or '}' ? -1 : 0;
            if (depth < 0 || (depth == 0 && Closes().IsMatch(line[at..])))
            {
                return at;
            }
        }

        return line.Length;
    }

    // if (…): not the ones that look something up or hand a refusal on.
    [GeneratedRegex(@"^\s+if \((?!.*is not \{.*\} \w|.*is not \(var|!lease\.IsOk|attribute\.Type|.*out HsmObject)(.*)\)$")]
    private static partial Regex Refusing();

    // (pattern, pattern) => Causes.X
    [GeneratedRegex(@"(?<=^\s+\(.*\)) => Causes\.\w+,$")]
    private static partial Regex Ending();

    // … ? Causes.X, … => Causes.X after when
    [GeneratedRegex(@" \? (Causes\.|cause\b)|(?<=\bwhen .*) => \w+\.")]
    private static partial Regex Refusals();

    [GeneratedRegex(@" : Causes\.")]
    private static partial Regex Refused();

    [GeneratedRegex(@" \? Standing\.")]
    private static partial Regex Standings();

    // … ? a.b == c.d : …
    [GeneratedRegex(@" \? (\w+\.\w+ == \w+\.\w+) : ")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"(?<!^\s*) (&&|\|\|) |^\s+&& ")]
    private static partial Regex Operator();

    // What declares a variable that is used afterwards looks something up: without it nothing compiles.
    [GeneratedRegex(@"\bout (?!_)|is not \(var|is not \{.*\} \w|is \{.*\} \w+ *$|var \w+ \}")]
    private static partial Regex Declares();

    [GeneratedRegex(@"\bout |is not \(var|is not \{.*\} \w|^ *$")]
    private static partial Regex LooksUp();

    // What stands before a whole condition, and before one operand of it.
    [GeneratedRegex(@"(^\s*|\breturn |\bwhen | = |=> |: |\? )$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"(^\s*|\breturn |\bwhen | = |=> |: |\? |&& |\|\| )$")]
    private static partial Regex Operand();

    [GeneratedRegex(@"^( && | \|\| | \? | : | =>|;|,)")]
    private static partial Regex Closes();

    [GeneratedRegex(@"Standings\.Of\((login|logins\.Current\(caller\)), item\)(?! == Standing\.Owner)")]
    private static partial Regex Known();

    [GeneratedRegex(@"key!\.(Use|Manage)Quorum")]
    private static partial Regex Value();

    [GeneratedRegex(@"\b(true|false)\b")]
    private static partial Regex Cell();

    [GeneratedRegex(@"Standing\.(Owner|Shared)\b")]
    private static partial Regex Least();

    [GeneratedRegex(@"QuorumService\.(?!None)(\w+)")]
    private static partial Regex Service();
}
