using System.CommandLine;
using System.Text.Json;
using Strongroom.Cli.Shell;
using Strongroom.Cli.Terminal;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>Every command of the tree, with arguments that would be good, so that one thing at a time can be made bad. The commands run in this process, against a real HSM.</summary>
internal sealed class CommandWalk(IReadOnlyDictionary<string, string> samples)
{
    /// <summary>Leaves of the tree as they are typed: "key wrap aes-gcm".</summary>
    public static IReadOnlyList<(string Name, Command Command)> All { get; } = [.. Leaves(Tree(_ => null).Root, "").Where(leaf => leaf.Name != "interactive")];

    /// <summary>Words of a command with a value for each required option.</summary>
    /// <param name="name">the command</param>
    /// <param name="command">its options</param>
    /// <param name="without">an option to leave out</param>
    /// <param name="with">options and values that stand in place of the usual ones</param>
    public string[] Words(string name, Command command, Option? without = null, params (string Option, string Value)[] with) =>
    [
        .. name.Split(' '),
        .. Options(command).Where(option => option != without && with.All(other => other.Option != option.Name) && (option.Required || IsNeeded(name, option)))
            .SelectMany(option => option.ValueType == typeof(bool) ? [option.Name] : new[] { option.Name, SampleOf(name, option) }),
        .. with.SelectMany(other => new[] { other.Option, other.Value }),
    ];

    /// <summary>The options that the command itself has.</summary>
    public static IEnumerable<Option> Options(Command command) => command.Options.Where(option => !option.Recursive);

    /// <summary>Runs a command line.</summary>
    /// <returns>exit status and what was printed</returns>
    public static async Task<(int Status, string Output)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] words)
    {
        var output = new StringWriter();
        var (root, shell) = Tree(environment.GetValueOrDefault, output);
        await using (shell)
        {
            return (await CommandLineRun.RunAsync(root, shell, words), output.ToString());
        }
    }

    /// <summary>Runs a command line that must be refused as AWS's tool refuses: one JSON object, error_code 1, exit status 1.</summary>
    /// <returns>the message</returns>
    public static async Task<string> RefusedAsync(IReadOnlyDictionary<string, string> environment, params string[] words)
    {
        var (status, output) = await RunAsync(environment, words);
        Assert.True(status == 1, $"exit status {status}: {string.Join(' ', words)}\n{output}");
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal(["error_code", "data"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(1, answer.GetProperty("error_code").GetInt32());
        var message = answer.GetProperty("data").GetString()!;
        Assert.False(string.IsNullOrWhiteSpace(message), string.Join(' ', words));
        return message;
    }

    private static (RootCommand Root, CommandShell Shell) Tree(Func<string, string?> environment, TextWriter? output = null)
    {
        var shell = new CommandShell(new Prompt(TextReader.Null, TextWriter.Null, isTerminal: false), output ?? TextWriter.Null, environment);
        return (CommandTree.Create(shell), shell);
    }

    private static IEnumerable<(string Name, Command Command)> Leaves(Command command, string name)
    {
        if (command is not RootCommand && command.Action is not null)
        {
            yield return (name, command);
        }

        foreach (var leaf in command.Subcommands.SelectMany(child => Leaves(child, $"{name} {child.Name}".Trim())))
        {
            yield return leaf;
        }
    }

    // Not required by themselves, but one of two or more must be given.
    private static bool IsNeeded(string name, Option option) => (name, option.Name) switch
    {
        (_, "--data" or "--signature" or "--password" or "--activation-code" or "--passphrase") => true,
        ("key attest", "--filter" or "--path") => true,
        ("key export", "--recipient") => true,
        _ => false,
    };

    private string SampleOf(string name, Option option) =>
        samples.GetValueOrDefault($"{name} {option.Name}") ?? samples.GetValueOrDefault(option.Name)
        ?? option.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).FirstOrDefault()?.Label ?? (option.ValueType == typeof(string) || option.ValueType == typeof(string[]) ? "x" : "1");
}
