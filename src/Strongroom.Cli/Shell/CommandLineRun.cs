using System.CommandLine;
using System.CommandLine.Invocation;
using Strongroom.Cli.Terminal;

namespace Strongroom.Cli.Shell;

/// <summary>The program's run: parses the words and runs the command.</summary>
internal static class CommandLineRun
{
    // Words that start with @ are data here, and -ab is not -a -b.
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] args)
    {
        var shell = new CommandShell(Prompt.OfThisProcess(), Console.Out, Environment.GetEnvironmentVariable);
        await using (shell.ConfigureAwait(false))
        {
            return await RunAsync(CommandTree.Create(shell), shell, args).ConfigureAwait(false);
        }
    }

    /// <summary>Runs one command line.</summary>
    /// <returns>the exit status</returns>
    public static async Task<int> RunAsync(RootCommand root, CommandShell shell, IReadOnlyList<string> words)
    {
        try
        {
            var parsed = root.Parse(words.Count == 0 ? ["--help"] : words, Parsing);
            return parsed.Action is ParseErrorAction
                ? Envelope.Refuse(shell, string.Join(' ', parsed.Errors.Select(error => error.Message)))
                : await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = shell.Output }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not IOException)
        {
            return Envelope.Fail(shell, e);
        }
    }
}
