using System.CommandLine;
using Strongroom.Audit;
using Strongroom.Audit.Records;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Audit;

/// <summary>audit follow: prints events as they are logged, until it is interrupted.</summary>
internal static class FollowEventsCommand
{
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
        try
        {
            await foreach (var entry in EntriesAsync(new AuditSource(link.Client), filter.From, call.Cancel).ConfigureAwait(false))
            {
                if (!filter.Takes(entry))
                {
                    continue;
                }

                write(call.Shell.Output, entry);
                await call.Shell.Output.FlushAsync(call.Cancel).ConfigureAwait(false);
                if (--left <= 0)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (call.Cancel.IsCancellationRequested)
        {
            // The way in which following ends.
        }
    }

    private static async IAsyncEnumerable<AuditEntry> EntriesAsync(
        AuditSource source, DateTimeOffset? since, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var listed = await source.ListAsync(cancel).ConfigureAwait(false);
        var last = AuditHead.FromJson(listed.Head).Sequence;
        if (since is not null)
        {
            await foreach (var entry in source.EntriesAsync(0, since, cancel).ConfigureAwait(false))
            {
                last = Math.Max(last, entry.Event.Sequence);
                yield return entry;
            }
        }

        for (var segment = listed.Segments[^1]; ; segment = segment with { Number = segment.Number + 1 })
        {
            await foreach (var entry in SegmentAsync(source, segment, cancel).ConfigureAwait(false))
            {
                if (entry.Event.Sequence > last)
                {
                    last = entry.Event.Sequence;
                    yield return entry;
                }
            }
        }
    }

    // A segment from its start until it is finished. The HSM gives out whole records only, so what has come is read once there is no more for now.
    private static async IAsyncEnumerable<AuditEntry> SegmentAsync(
        AuditSource source, WireAuditSegment segment, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var arrived = AuditSource.NamelessFile();
        using var reader = new SegmentReader(arrived);
        var entries = new SegmentEntries();
        while (true)
        {
            var part = await source.ReadOnAsync(segment.Number, (ulong)arrived.Length, cancel).ConfigureAwait(false);
            if (part is null)
            {
                using var whole = await source.FetchAsync(segment with { Compressed = true, Finished = true }, cancel).ConfigureAwait(false);
                foreach (var entry in AuditSource.Entries(whole))
                {
                    yield return entry;
                }

                yield break;
            }

            if (part.Value.Data.Length > 0)
            {
                var readUpTo = arrived.Position;
                arrived.Position = arrived.Length;
                await arrived.WriteAsync(part.Value.Data, cancel).ConfigureAwait(false);
                arrived.Position = readUpTo;
                continue;
            }

            while (reader.Next() == SegmentStep.Record)
            {
                if (entries.Take(RecordReader.Read(reader.Record)) is { } entry)
                {
                    yield return entry;
                }
            }

            if (part.Value.Finished)
            {
                yield break;
            }

            await Task.Delay(Pause, cancel).ConfigureAwait(false);
        }
    }
}
