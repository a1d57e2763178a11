using System.CommandLine;
using Strongroom.Server.Deployment;

namespace Strongroom.Server.Terminal;

/// <summary>The options that many commands share.</summary>
internal static class CommandLineOptions
{
    public const string DefaultDirectory = ".strongroom";

    public static Option<string> Directory { get; } = new("--dir", "-d")
    {
        Description = "the deployment's directory",
        HelpName = "DIR",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("STRONGROOM_DIR") ?? DefaultDirectory,
    };

    public static Option<bool> Json { get; } = new("--json") { Description = "print one JSON document" };

    public static Layout Layout(this ParseResult parsed) => new(parsed.GetValue(Directory)!);

    /// <summary>A command with its purpose and, below its help, an example.</summary>
    public static Command Command(string name, string purpose, string example, Func<ParseResult, CancellationToken, Task<int>> run, params Option[] options)
    {
        var command = ExampleHelp.Add(new Command(name, purpose), example);
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction(run);
        return command;
    }
}
