using System.CommandLine;
using Strongroom.Audit;
using Strongroom.Audit.Following;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Audit;

/// <summary>audit follow: prints events as they are logged, until it is interrupted.</summary>
internal static class FollowEventsCommand
{
    private const int Batch = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly Option<string> Format = EventFormat.Option("json: one object a line; aws: CloudHSM's text blocks");
    private static readonly Option<int?> MaxItems = new("--max-items") { Description = "ends after so many events", HelpName = "N" };

    public static Command Create(CommandShell shell) => shell.DefineStream(
        "follow", "Print events as they are logged; --since also prints earlier ones. Example: audit follow --failures", RunAsync, [.. FilterOptions.All, Format, MaxItems]);

    private static async Task RunAsync(Call call)
    {
        var (filter, write) = (FilterOptions.Read(call), EventFormat.Writer(call.Need(Format)));
        var left = call.Get(MaxItems) ?? int.MaxValue;
        var link = await call.LoggedInAsync().ConfigureAwait(false);
        var source = new AuditSource(link.Client);
        var (segment, after) = await BeginAsync(source, filter.From, call.Cancel).ConfigureAwait(false);
        using var follower = new AuditFollower(source, segment, after);
        try
        {
            while (left > 0)
            {
                var items = await follower.NextAsync(Batch, call.Cancel).ConfigureAwait(false);
                foreach (var entry in items.Select(item => item.Entry).OfType<AuditEntry>().Where(filter.Takes).Take(left))
                {
                    write(call.Shell.Output, entry);
                    left--;
                }

                await call.Shell.Output.FlushAsync(call.Cancel).ConfigureAwait(false);
                await Task.Delay(items.Count > 0 ? TimeSpan.Zero : Pause, call.Cancel).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (call.Cancel.IsCancellationRequested)
        {
            // The way in which following ends.
        }
    }

    // Without a time: from now on.
    private static async Task<(uint Segment, ulong After)> BeginAsync(AuditSource source, DateTimeOffset? since, CancellationToken cancel)
    {
        var listed = await source.ListAsync(cancel).ConfigureAwait(false);
        return since is null
            ? ((uint)listed.Segments[^1].Number, AuditHead.FromJson(listed.Head).Sequence)
            : ((uint)AuditSource.Wanted(listed.Segments, 0, since).First().Number, 0);
    }
}
