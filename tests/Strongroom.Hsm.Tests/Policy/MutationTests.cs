using System.Diagnostics;
using System.Reflection;

namespace Strongroom.Hsm.Tests.Policy;

/// <summary>
/// Each check of the authorisation point is taken out in turn; the tables' tests must then fail. The module is compiled anew with the one change and put beside a copy of this very test program.
/// </summary>
public sealed class MutationTests
{
    private static readonly string[] Judges = ["UseTableTests", "ExportTableTests", "ClosedWorldTests"];

    // Slower, and asked only when the tables have noticed nothing.
    private static readonly string[] LastJudges = ["Objects.SharingTests", "Quorum.QuorumTests"];
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // Ownership, approvals, and one cell of the table of roles.
    private static readonly string[] Samples = ["if (standing < rule.Least)", "if (gate.Pass(caller, login, rule.Service", "new(Permission.DestroyObjects,"];

    /// <summary>A few of them, in every run.</summary>
    [Fact]
    public void Some_checks_taken_out_are_missed_by_the_tables()
    {
        IReadOnlyList<Mutant> all = Mutant.Of(Policy);
        Assert.True(all.Count > 100, $"only {all.Count} checks were found");
        Judge([.. Samples.Select(sample => all.First(mutant => mutant.What.StartsWith(sample, StringComparison.Ordinal)))]);
    }

    [Fact(Explicit = true)]
    public void Every_check_taken_out_is_missed_by_the_tables() => Judge(Mutant.Of(Policy));

    private static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Strongroom.slnx")))
            {
                folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
            }

            return folder.FullName;
        }
    }

    private static string Module => Path.Combine(Repository, "src", "Strongroom.Hsm");

    private static string Policy => Path.Combine(Module, "Policy");

    private static void Judge(IReadOnlyList<Mutant> mutants)
    {
        string folder = Directory.CreateTempSubdirectory("strongroom-mutant-").FullName;
        try
        {
            CopyThisProgram(folder);
            Assert.True(Passes(folder, Judges), "The copy fails without any change.");
            var survivors = new List<string>();
            foreach (Mutant mutant in mutants)
            {
                if (Compile(mutant, folder) is { } error)
                {
                    survivors.Add($"does not compile: {mutant}: {error}");
                }
                else if (Passes(folder))
                {
                    survivors.Add(mutant.ToString());
                }
            }

            Assert.True(survivors.Count == 0, $"{survivors.Count} of {mutants.Count} went unnoticed:\n{string.Join('\n', survivors)}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Passes(string folder) => Passes(folder, Judges) && Passes(folder, LastJudges);

    private static bool Passes(string folder, string[] judges) => Run(Path.Combine(folder, "Strongroom.Hsm.Tests"), judges.SelectMany(judge => (string[])["-class", "*." + judge])).ExitCode == 0;

    private static void CopyThisProgram(string folder)
    {
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
        {
            // Not links: a program is looked for where its file really is.
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        foreach (string each in Directory.GetDirectories(AppContext.BaseDirectory))
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(each)), each);
        }
    }

    // The SDK's own compiler, told what the build tells it; a few seconds.
    private static string? Compile(Mutant mutant, string folder)
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!, root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        string changed = Path.Combine(folder, mutant.File);
        File.WriteAllText(changed, mutant.Text);
        string original = Path.Combine(Policy, mutant.File);
        IEnumerable<string> sources = Directory.GetFiles(Module, "*.cs", SearchOption.AllDirectories).Where(file => file != original)
            .Concat(Directory.GetFiles(Path.Combine(Repository, "artifacts", "obj", "Strongroom.Hsm", "release"), "*.cs")).Append(changed);
        IEnumerable<string> references = Directory.GetFiles(runtime, "*.dll").Concat(Directory.GetFiles(AppContext.BaseDirectory, "*.dll")).Where(IsReference);
        IEnumerable<string> generators = Directory.GetFiles(Path.Combine(Newest(Path.Combine(root, "packs", "Microsoft.NETCore.App.Ref")), "analyzers", "dotnet", "cs"), "*.dll");
        string response = Path.Combine(folder, "csc.rsp");
        File.WriteAllLines(response, [
            "-nologo", "-target:library", "-unsafe+", "-optimize+", "-nullable:enable", "-langversion:latest", $"-out:\"{Path.Combine(folder, "Strongroom.Hsm.dll")}\"",
            .. references.Select(file => $"-r:\"{file}\""), .. generators.Select(file => $"-analyzer:\"{file}\""), .. sources.Select(file => $"\"{file}\""),
        ]);
        (int code, string output) = Run(Path.Combine(root, "dotnet"), ["exec", Path.Combine(Newest(Path.Combine(root, "sdk")), "Roslyn", "bincore", "csc.dll"), "@" + response]);
        File.Delete(changed);
        return code == 0 ? null : output;
    }

    private static bool IsReference(string file)
    {
        if (Path.GetFileName(file) is "Strongroom.Hsm.dll" or "Strongroom.Hsm.Tests.dll")
        {
            return false;
        }

        try
        {
            _ = AssemblyName.GetAssemblyName(file);
            return true;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }

    private static string Newest(string folder) => Directory.GetDirectories(folder).OrderBy(name => Version.TryParse(Path.GetFileName(name).Split('-')[0], out Version? version) ? version : new Version()).Last();

    private static (int ExitCode, string Output) Run(string program, IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Longest), $"{program} did not end");
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}
