using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;
using Strongroom.Client;

namespace Strongroom.Cli.Keys;

/// <summary>key list: a page of the keys that match, in the order of their references. The token of the next page is its offset.</summary>
internal static class ListKeysCommand
{
    // Requests under way at once on the one connection.
    private const int Batch = 256;

    private static readonly Option<string[]> Filter = CommonOptions.Filter(required: false);
    private static readonly Option<int> MaxItems = new("--max-items") { Description = "keys in a page", HelpName = "N", DefaultValueFactory = _ => 10 };
    private static readonly Option<string?> StartingToken = new("--starting-token") { Description = "next_token of the page before", HelpName = "TOKEN" };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "show all attributes" };

    public static Command Create(CommandShell shell) => shell.Define("list", "List keys", RunAsync, Filter, MaxItems, StartingToken, Verbose);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var filter = call.Get(Filter) is { Length: > 0 } terms ? KeyFilter.Parse(terms) : KeyFilter.Everything;
        var (start, count) = (ParseToken(call.Get(StartingToken)), call.Get(MaxItems));
        if (count < 1)
        {
            throw new CommandRefusedException("--max-items is at least 1");
        }

        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var handles = await filter.FindAsync(session, call.Cancel).ConfigureAwait(false);
        ulong[] page = [.. handles.Skip(start).Take(count)];
        var answer = new JsonObject
        {
            ["matched_keys"] = await ReadAsync(session, page, call.Get(Verbose), call.Cancel).ConfigureAwait(false),
            ["total_key_count"] = handles.Count,
            ["returned_key_count"] = page.Length,
        };
        if (start + page.Length < handles.Count)
        {
            answer["next_token"] = (start + page.Length).ToString(CultureInfo.InvariantCulture);
        }

        return answer;
    }

    private static async Task<JsonArray> ReadAsync(HsmSession session, ulong[] handles, bool verbose, CancellationToken cancel)
    {
        var keys = new JsonArray();
        foreach (var batch in handles.Chunk(Batch))
        {
            var reads = batch.Select(handle => verbose ? KeyView.ReadAsync(session, handle, cancel) : KeyView.ReadBriefAsync(session, handle, cancel));
            foreach (var key in await Task.WhenAll(reads).ConfigureAwait(false))
            {
                keys.Add((JsonNode)key);
            }
        }

        return keys;
    }

    private static int ParseToken(string? token) => token is null ? 0
        : int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start
        : throw new CommandRefusedException($"--starting-token is the next_token of the page before, not {token}");
}
