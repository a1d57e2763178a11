using System.ComponentModel;
using System.Diagnostics;
using Strongroom.Server.Terminal;

namespace Strongroom.Server.Quickstart;

/// <summary>Runs a program that is not ours, the command shown as one would type it.</summary>
internal static class Tool
{
    // Longer than any of these takes, also while the machine is busy; a hung one must not hang quickstart.
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    /// <summary>Runs <paramref name="command"/> in <paramref name="folder"/> and returns what it wrote to standard output.</summary>
    /// <param name="folder">working directory</param>
    /// <param name="command">words without spaces; <c>"$NAME"</c> is taken from <paramref name="environment"/></param>
    /// <param name="environment">variables added to ours</param>
    /// <param name="cancel">ends it</param>
    /// <exception cref="RefusalException">It is not installed, took too long, or failed; with what it wrote.</exception>
    public static async Task<string> ShowAsync(string folder, string command, IReadOnlyDictionary<string, string> environment, CancellationToken cancel)
    {
        Screen.Command(command);
        return await RunAsync(folder, command, environment, cancel).ConfigureAwait(false);
    }

    /// <summary>As <see cref="ShowAsync"/>, without showing it.</summary>
    public static async Task<string> RunAsync(string folder, string command, IReadOnlyDictionary<string, string> environment, CancellationToken cancel)
    {
        var words = command.Split(' ').Select(word => word.StartsWith("\"$", StringComparison.Ordinal) ? environment[word[2..^1]] : word).ToArray();
        using var process = Start(folder, words, environment);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Within);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
            return process.ExitCode == 0
                ? await output.ConfigureAwait(false)
                : throw new RefusalException($"'{command}' failed with exit code {process.ExitCode}:\n{await output.ConfigureAwait(false)}{await errors.ConfigureAwait(false)}".TrimEnd());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            throw new RefusalException($"'{command}' did not end within {Within.TotalSeconds:0} s.");
        }
    }

    private static Process Start(string folder, string[] words, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            var process = Process.Start(start) ?? throw new RefusalException($"{words[0]} could not be started.");
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception error)
        {
            throw new RefusalException($"{words[0]} can't be run: {error.Message}", "./strongroom quickstart installs it where apt-get is there.", error);
        }
    }
}
