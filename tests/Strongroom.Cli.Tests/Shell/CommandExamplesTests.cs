using System.CommandLine;
using Strongroom.Cli.Interactive;
using Strongroom.Cli.Shell;
using Strongroom.Cli.Terminal;

namespace Strongroom.Cli.Tests.Shell;

/// <summary>The examples in the help are commands that can be typed.</summary>
public sealed class CommandExamplesTests
{
    private static readonly RootCommand Root = CommandTree.Create(new CommandShell(new Prompt(TextReader.Null, TextWriter.Null, isTerminal: false), TextWriter.Null, _ => null));

    public static TheoryData<string, string> Table => new(CommandExamples.All.Select(pair => (pair.Key, pair.Value)));

    [Theory]
    [MemberData(nameof(Table))]
    public void An_example_is_of_its_command_and_is_understood(string name, string example)
    {
        Assert.Equal(name, string.Join(' ', WordSplitter.Split(example).Take(name.Split(' ').Length)));
        var parsed = Root.Parse([.. WordSplitter.Split(example)]);
        Assert.Empty(parsed.Errors);
        Assert.NotNull(parsed.CommandResult.Command.Action);
    }

    [Fact]
    public void Every_command_has_one() => Assert.All(Leaves(Root), command => Assert.Contains("Example: ", command.Description, StringComparison.Ordinal));

    private static IEnumerable<Command> Leaves(Command command) =>
        [.. command is RootCommand || command.Action is null ? [] : new[] { command }, .. command.Subcommands.SelectMany(Leaves)];
}
