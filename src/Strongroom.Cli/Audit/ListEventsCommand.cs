using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Strongroom.Audit;
using Strongroom.Audit.Exports;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Audit;

/// <summary>audit list: a page of the events that match, oldest first. The token of the next page is an event's number.</summary>
internal static class ListEventsCommand
{
    private static readonly Option<int> MaxItems = new("--max-items") { Description = "events in a page", HelpName = "N", DefaultValueFactory = _ => 100 };
    private static readonly Option<bool> Last = new("--last") { Description = "the newest events that match instead of the oldest" };
    private static readonly Option<ulong> StartingToken = new("--starting-token") { Description = "next_token of the page before", HelpName = "TOKEN" };

    public static Command Create(CommandShell shell) =>
        shell.Define("list", "List events. Example: audit list --user alice --operation sign --since 24h", RunAsync, [.. FilterOptions.All, MaxItems, Last, StartingToken]);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var (filter, count, last) = (FilterOptions.Read(call), call.Get(MaxItems), call.Get(Last));
        if (count < 1)
        {
            throw new CommandRefusedException("--max-items is at least 1");
        }

        var link = await call.LoggedInAsync().ConfigureAwait(false);
        var page = new Queue<AuditEntry>();
        ulong? next = null;
        await foreach (var entry in new AuditSource(link.Client).EntriesAsync(call.Get(StartingToken), filter.From, call.Cancel).ConfigureAwait(false))
        {
            if (!filter.Takes(entry))
            {
                continue;
            }

            if (page.Count == count && !last)
            {
                next = entry.Event.Sequence;
                break;
            }

            page.Enqueue(entry);
            if (page.Count > count)
            {
                page.Dequeue();
            }
        }

        var answer = new JsonObject { ["events"] = new JsonArray([.. page.Select(e => JsonNode.Parse(JsonLines.ToText(e)))]), ["returned_event_count"] = page.Count };
        if (next is { } token)
        {
            answer["next_token"] = token.ToString(CultureInfo.InvariantCulture);
        }

        return answer;
    }
}
