using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Strongroom.Hsm.Tests.Policy;

/// <summary>
/// Each check of the authorisation point is taken out in turn; the tables' tests must then fail. The module is compiled anew, once, with a switch in every check, and put beside a copy of this very test program; each run of that is told
/// which check is out.
/// </summary>
public sealed class MutationTests
{
    // The quick ones first: what they notice is not asked of the others.
    private static readonly string[][] QuickJudges = [["Policy.UseTableTests", "Policy.ExportTableTests", "Policy.QuorumGateTests", "Quorum.ApprovalTokensTests"], ["Policy.ClosedWorldTests"]];
    private static readonly string[][] AllJudges = [.. QuickJudges, ["Policy.OracleGuardTests"], ["Objects.SharingTests", "Quorum.QuorumTests"]];
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // Ownership, approvals, and one cell of the table of roles.
    private static readonly string[] Samples = ["if (standing < rule.Least)", "if (gate.Pass(caller, login, rule.Service", "new(Permission.DestroyObjects,"];

    /// <summary>A few of them, in every run.</summary>
    [Fact]
    public async Task Some_checks_taken_out_are_missed_by_the_tables()
    {
        IReadOnlyList<Mutant> all = Mutant.Of(Module);
        Assert.True(all.Count > 200, $"only {all.Count} checks were found");
        await JudgeAsync(all, [.. Samples.Select(sample => all.Index().First(mutant => mutant.Item.Text.Trim().StartsWith(sample, StringComparison.Ordinal)).Index)], QuickJudges);
    }

    /// <summary>All of them: 8 minutes on two cores, half an hour if they are busy.</summary>
    [Fact(Explicit = true)]
    public async Task Every_check_taken_out_is_missed_by_the_tables()
    {
        IReadOnlyList<Mutant> all = Mutant.Of(Module);
        await JudgeAsync(all, [.. Enumerable.Range(0, all.Count)], AllJudges);
    }

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

    private static async Task JudgeAsync(IReadOnlyList<Mutant> all, IReadOnlyList<int> chosen, string[][] judges)
    {
        string folder = Directory.CreateTempSubdirectory("strongroom-mutant-").FullName;
        try
        {
            CopyThisProgram(folder);
            await CompileAsync(all, folder);
            Assert.True(await PassesAsync(folder, judges, null), "The copy fails without any check taken out.");
            var survivors = new ConcurrentBag<string>();
            await Parallel.ForEachAsync(chosen, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (number, _) =>
            {
                bool passes = await PassesAsync(folder, judges, number);
                TestContext.Current.TestOutputHelper?.WriteLine($"{number} {(passes ? "goes unnoticed" : "is missed")}: {all[number]}");
                if (passes)
                {
                    survivors.Add(all[number].ToString());
                }
            });
            Assert.True(survivors.IsEmpty, $"{survivors.Count} of {chosen.Count} went unnoticed:\n{string.Join('\n', survivors)}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> PassesAsync(string folder, string[][] judges, int? mutant)
    {
        foreach (string[] together in judges)
        {
            if ((await RunAsync(Path.Combine(folder, "Strongroom.Hsm.Tests"), ["-stopOnFail", .. together.SelectMany(judge => (string[])["-class", "Strongroom.Hsm.Tests." + judge])], mutant)).ExitCode != 0)
            {
                return false;
            }
        }

        return true;
    }

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

    // The SDK's own compiler, told what the build tells it.
    private static async Task CompileAsync(IReadOnlyList<Mutant> mutants, string folder)
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!, root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        string changed = Directory.CreateDirectory(Path.Combine(folder, "changed")).FullName;
        await File.WriteAllTextAsync(Path.Combine(changed, "Mutants.cs"), Mutant.Switch);
        var originals = new HashSet<string>();
        foreach ((string file, string text) in Mutant.Weave(Module, mutants))
        {
            originals.Add(Path.Combine(Module, file));
            await File.WriteAllTextAsync(Path.Combine(changed, Path.GetFileName(file)), text);
        }

        IEnumerable<string> sources = Directory.GetFiles(Module, "*.cs", SearchOption.AllDirectories).Except(originals)
            .Concat(Directory.GetFiles(Path.Combine(Repository, "artifacts", "obj", "Strongroom.Hsm", "release"), "*.cs")).Concat(Directory.GetFiles(changed));
        IEnumerable<string> references = Directory.GetFiles(runtime, "*.dll").Concat(Directory.GetFiles(AppContext.BaseDirectory, "*.dll")).Where(IsReference);
        IEnumerable<string> generators = Directory.GetFiles(Path.Combine(Newest(Path.Combine(root, "packs", "Microsoft.NETCore.App.Ref")), "analyzers", "dotnet", "cs"), "*.dll");
        string response = Path.Combine(folder, "csc.rsp");
        await File.WriteAllLinesAsync(response, [
            "-nologo", "-target:library", "-unsafe+", "-optimize+", "-nullable:enable", "-langversion:latest", $"-out:\"{Path.Combine(folder, "Strongroom.Hsm.dll")}\"",
            .. references.Select(file => $"-r:\"{file}\""), .. generators.Select(file => $"-analyzer:\"{file}\""), .. sources.Select(file => $"\"{file}\""),
        ]);
        (int code, string output) = await RunAsync(Path.Combine(root, "dotnet"), ["exec", Path.Combine(Newest(Path.Combine(root, "sdk")), "Roslyn", "bincore", "csc.dll"), "@" + response], null);
        Assert.True(code == 0, output);
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

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments, int? mutant)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Mutant.Variable] = mutant?.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Longest);
        Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token), errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {Longest}{(mutant is null ? "" : $" with check {mutant} taken out")}.");
        }
    }
}
