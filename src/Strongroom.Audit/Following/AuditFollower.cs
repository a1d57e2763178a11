using Strongroom.Audit.Records;

namespace Strongroom.Audit.Following;

/// <summary>Reads a log from some event on and goes on with it as it grows, from segment to segment, also when a segment is compressed or removed under its eyes.</summary>
/// <param name="feed">The log.</param>
/// <param name="segment">The segment to begin in.</param>
/// <param name="after">The number of the last event that is known already.</param>
public sealed class AuditFollower(IAuditFeed feed, uint segment, ulong after) : IDisposable
{
    private SegmentTail _tail = new();
    private SegmentEntries _entries = new();
    private SegmentReader? _whole;      // the rest of a segment whose plain form went away
    private long _offset;
    private ulong _lastHead = after;

    /// <summary>Where it is.</summary>
    public uint Segment { get; private set; } = segment;

    /// <summary>The number of the last event given out.</summary>
    public ulong Last { get; private set; } = after;

    /// <summary>What there is now, in order.</summary>
    /// <param name="most">At most so many.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Empty if there is nothing more for now.</returns>
    /// <exception cref="AuditFormatException">The log is damaged here; the next call goes on with the next segment.</exception>
    public async ValueTask<IReadOnlyList<FollowedItem>> NextAsync(int most, CancellationToken cancel)
    {
        var items = new List<FollowedItem>();
        while (items.Count < most)
        {
            if (Record() is { } record)
            {
                Take(record, items);
            }
            else if (!await ReadOnAsync(cancel).ConfigureAwait(false))
            {
                break;
            }
        }

        return items;
    }

    public void Dispose() => _whole?.Dispose();

    private AuditRecord? Record()
    {
        if (_whole is not null)
        {
            return _whole.Next() == SegmentStep.Record ? RecordReader.Read(_whole.Record) : null;
        }

        var record = _tail.Next();
        return record.IsEmpty ? null : RecordReader.Read(record);
    }

    private void Take(AuditRecord record, List<FollowedItem> items)
    {
        if (_entries.Take(record) is { } entry && entry.Event.Sequence > Last)
        {
            Last = entry.Event.Sequence;
            items.Add(new FollowedItem(entry, null));
        }
        else if (record is HeadRecord head && head.Sequence > _lastHead && _entries.Opening is { } log)
        {
            _lastHead = head.Sequence;
            items.Add(new FollowedItem(null, new AuditHead(log.Cluster, log.Hsm, log.Reboot, head.Sequence, head.Chain, head.Time, head.Signature)));
        }
    }

    // False: there is nothing more for now.
    private async ValueTask<bool> ReadOnAsync(CancellationToken cancel)
    {
        if (_whole is not null)
        {
            return await GoOnAsync(cancel).ConfigureAwait(false);
        }

        if (await feed.ReadAsync(Segment, _offset, cancel).ConfigureAwait(false) is not { } part)
        {
            // Read again from its start: what is known already is skipped by its number.
            _entries = new SegmentEntries();
            _whole = await feed.OpenAsync(Segment, cancel).ConfigureAwait(false);
            return _whole is not null || await GoOnAsync(cancel).ConfigureAwait(false);
        }

        if (part.Data.Length > 0)
        {
            _tail.Add(part.Data.Span);
            _offset += part.Data.Length;
            return true;
        }

        return part.IsFinished && await GoOnAsync(cancel).ConfigureAwait(false);
    }

    private async ValueTask<bool> GoOnAsync(CancellationToken cancel)
    {
        if (await feed.NextAsync(Segment, cancel).ConfigureAwait(false) is not { } next)
        {
            return false;
        }

        _whole?.Dispose();
        (Segment, _whole, _tail, _entries, _offset) = (next, null, new SegmentTail(), new SegmentEntries(), 0);
        return true;
    }
}
