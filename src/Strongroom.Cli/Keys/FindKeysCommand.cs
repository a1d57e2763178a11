using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Keys;

/// <summary>key find: as `key list`, with any combination of attributes. The HSM searches, by an index where label, id or class is asked for.</summary>
internal static class FindKeysCommand
{
    private static readonly Option<string> Where = new("--where")
    {
        Description = "comparisons NAME = VALUE, !=, <, >, <=, >=, like PATTERN, in (VALUE, …), a NAME alone, joined by and, or, not and parentheses",
        HelpName = "CONDITION",
        Required = true,
    };

    public static Command Create(CommandShell shell) => shell.Define(
        "find", "Find keys by any condition. Example: key find --where \"label like 'web-*' and key-type in (ec, rsa) and not extractable\"", RunAsync, [Where, .. ListKeysCommand.PageOptions]);

    private static Task<JsonNode> RunAsync(Call call) => ListKeysCommand.PageAsync(call, KeyFilter.Where(Condition.Parse(call.Need(Where))));
}
