using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>key list: a page of the keys that match, in the order of their references. The token of the next page is its offset.</summary>
internal static class ListKeysCommand
{
    private static readonly Option<string[]> Filter = CommonOptions.Filter(required: false);
    private static readonly Option<int> MaxItems = new("--max-items") { Description = "keys in a page", HelpName = "N", DefaultValueFactory = _ => 10 };
    private static readonly Option<string?> StartingToken = new("--starting-token") { Description = "next_token of the page before", HelpName = "TOKEN" };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "show all attributes" };

    /// <summary>Which page, and how much of each key.</summary>
    public static Option[] PageOptions => [MaxItems, StartingToken, Verbose];

    public static Command Create(CommandShell shell) => shell.Define("list", "List keys", RunAsync, [Filter, .. PageOptions]);

    private static Task<JsonNode> RunAsync(Call call) => PageAsync(call, call.Get(Filter) is { Length: > 0 } terms ? KeyFilter.Parse(terms) : KeyFilter.Everything);

    /// <summary>The page that the options ask for.</summary>
    public static async Task<JsonNode> PageAsync(Call call, KeyFilter filter)
    {
        var (start, count) = (ParseToken(call.Get(StartingToken)), call.Get(MaxItems));
        if (count < 1)
        {
            throw new CommandRefusedException("--max-items is at least 1");
        }

        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var isWhole = call.Get(Verbose) && cluster.Login!.Role == Role.CryptoUser;
        var (total, keys) = await filter.FindAsync(session, start, count, isWhole ? KeyView.Types : KeyView.BriefTypes, call.Cancel).ConfigureAwait(false);
        var shown = isWhole ? await KeyView.WholeAsync(session, keys, call.Cancel).ConfigureAwait(false) : [.. keys.Select(key => KeyView.Brief(key.Handle, key.Attributes))];
        var answer = new JsonObject
        {
            ["matched_keys"] = new JsonArray([.. shown]),
            ["total_key_count"] = total,
            ["returned_key_count"] = keys.Count,
        };
        if (start + keys.Count < total && keys.Count > 0)
        {
            answer["next_token"] = (start + keys.Count).ToString(CultureInfo.InvariantCulture);
        }

        return answer;
    }

    private static int ParseToken(string? token) => token is null ? 0
        : int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start
        : throw new CommandRefusedException($"--starting-token is the next_token of the page before, not {token}");
}
