using System.CommandLine;

namespace Strongroom.Cli.Shell;

/// <summary>An example in the help of every command.</summary>
internal static partial class CommandExamples
{
    private const string Mark = "Example: ";

    /// <summary>The examples with the commands that they are of.</summary>
    public static IReadOnlyDictionary<string, string> All => Table;

    /// <summary>Adds an example to each command below that has none yet.</summary>
    public static void AddTo(Command command, string name = "")
    {
        if (command.Action is not null && name.Length > 0 && command.Description?.Contains(Mark, StringComparison.Ordinal) != true)
        {
            command.Description += $". {Mark}{Table.GetValueOrDefault(name) ?? Required(name, command)}";
        }

        foreach (var child in command.Subcommands)
        {
            AddTo(child, $"{name} {child.Name}".TrimStart());
        }
    }

    private static string Required(string name, Command command) =>
        string.Join(' ', command.Options.Where(option => option.Required).Select(option => $"{option.Name} {option.HelpName}").Prepend(name));
}
