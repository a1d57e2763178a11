using System.CommandLine;
using Strongroom.Cli.Shell;
using Strongroom.Cli.Terminal;

namespace Strongroom.Cli.Interactive;

/// <summary>
/// interactive: commands one after the other under one login, until `quit`. Lines and answers to questions may also come through a pipe.
/// </summary>
internal static class InteractiveCommand
{
    public static Command Create(CommandShell shell)
    {
        var command = new Command("interactive", "Run commands one after the other under one login");
        command.SetAction((parsed, cancel) => RunAsync(shell, parsed.GetValue(CommonOptions.ClusterId), cancel));
        return command;
    }

    private static async Task<int> RunAsync(CommandShell shell, string? cluster, CancellationToken cancel)
    {
        (shell.IsInteractive, shell.DefaultCluster) = (true, cluster);
        var root = CommandTree.Create(shell);
        root.Subcommands.Single(command => command.Name == "interactive").Hidden = true;
        var editor = new LineEditor(new History(), text => [.. root.Parse(text).GetCompletions(text.Length).Select(item => item.Label)]);
        var status = 0;
        while (!cancel.IsCancellationRequested && ReadLine(shell, editor) is { } line)
        {
            switch (Words(shell, root, line))
            {
                case null:
                    status = 1;
                    break;
                case []:
                    break;
                case ["quit" or "exit"]:
                    return status;
                case ["help", .. var about]:
                    status = await CommandLineRun.RunAsync(root, shell, [.. about, "--help"]).ConfigureAwait(false);
                    break;
                case ["interactive", ..]:
                    status = Envelope.Refuse(shell, "This is interactive mode already");
                    break;
                case var words:
                    status = await CommandLineRun.RunAsync(root, shell, words).ConfigureAwait(false);
                    break;
            }
        }

        return status;
    }

    private static string[]? Words(CommandShell shell, RootCommand root, string line)
    {
        try
        {
            return [.. WordSplitter.Split(line)];
        }
        catch (CommandRefusedException e)
        {
            Envelope.Refuse(shell, e.Message);
            return null;
        }
    }

    private static string? ReadLine(CommandShell shell, LineEditor editor) =>
        Console.IsInputRedirected || Console.IsOutputRedirected ? Console.In.ReadLine() : editor.Read(PromptText(shell));

    private static string PromptText(CommandShell shell)
    {
        if (shell.Configuration.Clusters.Count == 1)
        {
            return "aws-cloudhsm > ";
        }

        var cluster = shell.DefaultCluster ?? "";
        var user = cluster.Length > 0 ? shell.Cluster(cluster).Login?.Name : null;
        return $"{(user is null ? "" : user + "@")}{(cluster.Length > 0 ? cluster : "aws-cloudhsm")} > ";
    }
}
