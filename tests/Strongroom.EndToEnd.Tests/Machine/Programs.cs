using System.Diagnostics;
using System.Text;

namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>Runs programs as a user would.</summary>
public static class Programs
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(3);

    /// <summary>The repository: where ./strongroom is.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Runs <paramref name="file"/> to its end; kills it, and fails the test, after <paramref name="within"/> (3 minutes if not given).</summary>
    public static Finished Run(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? input = null, TimeSpan? within = null, string? folder = null)
    {
        var words = arguments.ToArray();
        var command = string.Join(' ', words.Prepend(file));
        var start = new ProcessStartInfo(file, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "/" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = Collect(process.StandardOutput);
        var errors = Collect(process.StandardError);
        process.StandardInput.Write(input ?? "");
        process.StandardInput.Close();
        if (!process.WaitForExit(within ?? Usual))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"not ended after {(within ?? Usual).TotalSeconds} s: {command}\n{Text(output)}\n{Text(errors)}");
        }

        return new Finished(command, process.ExitCode, Text(output), Text(errors));
    }

    // A daemon may inherit the pipes and hold them open; the program's own words are there when it has ended.
    private static (Task Done, StringBuilder Text) Collect(StreamReader reader)
    {
        var text = new StringBuilder();
        return (Task.Run(async () =>
        {
            var buffer = new char[4096];
            for (int read; (read = await reader.ReadAsync(buffer)) > 0;)
            {
                lock (text)
                {
                    text.Append(buffer, 0, read);
                }
            }
        }), text);
    }

    private static string Text((Task Done, StringBuilder Text) collected)
    {
        _ = Task.WhenAny(collected.Done, Task.Delay(1000)).Result;
        lock (collected.Text)
        {
            return collected.Text.ToString();
        }
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Strongroom.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository");
    }
}
