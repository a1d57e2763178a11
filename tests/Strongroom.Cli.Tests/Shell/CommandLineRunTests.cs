using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;
using Strongroom.Cli.Terminal;

namespace Strongroom.Cli.Tests.Shell;

public sealed class CommandLineRunTests
{
    [Theory]
    [InlineData("throw")]
    [InlineData("throw-while-printing")]
    [InlineData("throw-while-parsing", "--number", "1")]
    public async Task A_fault_of_the_program_is_one_JSON_error_and_exit_status_1(params string[] words)
    {
        var output = new StringWriter();
        var shell = new CommandShell(new Prompt(TextReader.Null, TextWriter.Null, isTerminal: false), output, _ => null);
        await using (shell)
        {
            var root = CommandTree.Create(shell);
            root.Add(shell.Define("throw", "", _ => Task.FromException<JsonNode>(new NotSupportedException("no such thing"))));
            root.Add(shell.DefineStream("throw-while-printing", "", _ => throw new NotSupportedException("no such thing")));
            root.Add(shell.Define("throw-while-parsing", "", _ => Task.FromResult<JsonNode>("done"), new Option<int>("--number") { CustomParser = _ => throw new NotSupportedException("no such thing") }));
            Assert.Equal(1, await CommandLineRun.RunAsync(root, shell, words));
        }

        var answer = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal(1, answer.GetProperty("error_code").GetInt32());
        Assert.Contains("NotSupportedException: no such thing", answer.GetProperty("data").GetString(), StringComparison.Ordinal);
    }
}
