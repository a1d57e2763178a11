using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Strongroom.Server.Terminal;

/// <summary>The usual help, and below it the command's example.</summary>
internal sealed class ExampleHelp(HelpAction usual) : SynchronousCommandLineAction
{
    private static readonly Dictionary<Command, string> Examples = [];

    public static T Add<T>(T command, string example)
        where T : Command
    {
        Examples.Add(command, example);
        return command;
    }

    /// <summary>Makes <c>--help</c> of every command show its example.</summary>
    public static void Install(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (Examples.TryGetValue(parseResult.CommandResult.Command, out var example))
        {
            Screen.Line($"Example:\n  {example}\n");
        }

        return code;
    }
}
