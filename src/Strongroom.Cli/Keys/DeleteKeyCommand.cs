using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Keys;

/// <summary>key delete: exactly one key, by its owner. The halves of a pair are keys of their own.</summary>
internal static class DeleteKeyCommand
{
    private static readonly Option<string[]> Filter = CommonOptions.Filter();

    public static Command Create(CommandShell shell) => shell.Define("delete", "Delete a key", RunAsync, Filter);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var filter = KeyFilter.Parse(call.Need(Filter));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await filter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        await session.DestroyObjectAsync(key, call.Cancel).ConfigureAwait(false);
        return Call.Message("Key deleted successfully");
    }
}
