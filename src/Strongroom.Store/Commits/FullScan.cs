using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>
/// Reads every record of a store at one revision, opens each, and compares their number and sum with the head. While one page is being opened on all cores, the next is being read.
/// </summary>
internal sealed class FullScan(IStore store, RecordVault vault, IRecordConsumer consumer)
{
    private const int Attempts = 5;
    private const int RecordsPerChunk = 256;

    /// <summary>What a scan found.</summary>
    internal sealed record Result(RecordIndex Index, VerifiedHead Head, Revision At, Revision Compacted);

    /// <summary>Scans.</summary>
    /// <param name="given">What the consumer has already; only what differs from it is given, and what is no more is given as deleted. Changed by the scan.</param>
    /// <param name="give">Gets the differences page by page, before it is known whether the whole is right.</param>
    /// <exception cref="StoreDamagedException">Something is not as it was left.</exception>
    public async Task<Result> RunAsync(RecordIndex given, Action<List<RecordChange>, HeadPosition> give, CancellationToken cancel)
    {
        var index = given.Count == 0 ? given : new RecordIndex();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TryRunAsync(index, given, give, cancel).ConfigureAwait(false) is { } result)
            {
                return result;
            }
            index = new RecordIndex();
        }
        throw new StoreException($"The store's history was compacted {Attempts} times while it was being read: it is kept for too short a time.");
    }

    /// <summary>Reads and opens the head alone.</summary>
    /// <exception cref="StoreDamagedException">There is none, or it does not open.</exception>
    public static async Task<(VerifiedHead Head, Revision At)> ReadHeadAsync(IStore store, RecordVault vault, CancellationToken cancel)
    {
        var page = await store.ReadAsync(new(Head.Path, Limit: 1), cancel).ConfigureAwait(false);
        return page.Records is [{ Path: Head.Path } record]
            ? (vault.OpenHead(record.Value, record.Modified), page.At)
            : throw new StoreDamagedException("the head", $"the store, at its revision {page.At}, has none");
    }

    private async Task<Result?> TryRunAsync(RecordIndex index, RecordIndex given, Action<List<RecordChange>, HeadPosition> give, CancellationToken cancel)
    {
        var (head, at) = await ReadHeadAsync(store, vault, cancel).ConfigureAwait(false);
        for (var reading = ReadAsync(null); ;)
        {
            var page = await reading.ConfigureAwait(false);
            if (page.Records is null)
            {
                return null;
            }
            if (page.Next is not null)
            {
                reading = ReadAsync(page.Next);
            }
            Take(page.Records, index, given, changes => give(changes, head.Position));
            if (page.Next is null)
            {
                Verify(head.Head, index);
                GiveDeleted(index, given, changes => give(changes, head.Position));
                return new(index, head, at, page.Compacted);
            }
        }

        Task<ReadPage> ReadAsync(string? after) => Task.Run(() => store.ReadAsync(new("", at, after), cancel).AsTask(), cancel);
    }

    private void Take(IReadOnlyList<StoredRecord> records, RecordIndex index, RecordIndex given, Action<List<RecordChange>> give)
    {
        var changes = new List<RecordChange>(records.Count);
        foreach (var (record, change, tag) in OpenInParallel(records))
        {
            var entry = new IndexEntry(record.Modified, change.Version, tag);
            var isNew = given.Find(record.Path)?.Tag != tag;
            index.Put(record.Path, entry);
            if (isNew)
            {
                given.Put(record.Path, entry);
                changes.Add(change);
            }
        }
        if (changes.Count > 0)
        {
            give(changes);
        }
    }

    private IEnumerable<(StoredRecord Record, RecordChange Change, ContentSum Tag)> OpenInParallel(IReadOnlyList<StoredRecord> records)
    {
        var opened = new (StoredRecord Record, RecordChange Change, ContentSum Tag)[records.Count];
        var broken = new StoreException?[records.Count];
        Parallel.For(0, (records.Count + RecordsPerChunk - 1) / RecordsPerChunk, chunk =>
        {
            for (var i = chunk * RecordsPerChunk; i < Math.Min(records.Count, (chunk + 1) * RecordsPerChunk); i++)
            {
                try
                {
                    opened[i] = records[i].Path == Head.Path ? default : Open(records[i]);
                }
                catch (StoreException found)
                {
                    broken[i] = found;
                }
            }
        });
        var all = broken.OfType<StoreException>().ToList();
        return all switch
        {
            [] => opened.Where(record => record.Record.Path is not null),
            [var only] => throw only,
            _ => throw new StoreDamagedException("the store", $"{all.Count} records are not as they were written; the first of them: {all[0].Message}", all[0]),
        };
    }

    private (StoredRecord Record, RecordChange Change, ContentSum Tag) Open(StoredRecord record)
    {
        var (opened, tag) = vault.Open(record.Path, record.Value);
        return (record, new(record.Path, opened.Version, opened.Content, Preparation.Run(consumer, record.Path, opened.Content)), tag);
    }

    // Each record for itself is genuine by now. What remains is that genuine ones are missing, were put back, or are of another time than the head; which of these can't be told from a sum.
    internal static void Verify(Head head, RecordIndex index)
    {
        if (index.Sum == head.Sum && (ulong)index.Count == head.Records)
        {
            return;
        }
        var newer = index.Paths.FirstOrDefault(path => index.Find(path)!.Value.Version > head.Position.Sequence);
        throw new StoreDamagedException("the store", (index.Count - (long)head.Records) switch
        {
            _ when newer is not null => $"record '{newer}' is newer than the head at {head.Position}: the head was put back",
            < 0 and var less => $"{-less} of the {head.Records} records that the head at {head.Position} counts are missing",
            > 0 and var more => $"{more} records more than the {head.Records} that the head at {head.Position} counts: deleted ones were put back",
            _ => $"the number of records is right, but at least one is an older form of itself, or one is missing and a deleted one was put back (their sum is not that of the head at {head.Position})",
        });
    }

    private static void GiveDeleted(RecordIndex index, RecordIndex given, Action<List<RecordChange>> give)
    {
        if (ReferenceEquals(index, given))
        {
            return;
        }
        var deleted = given.Paths.Where(path => index.Find(path) is null).Select(path => new RecordChange(path, 0, null, null)).ToList();
        if (deleted.Count > 0)
        {
            give(deleted);
        }
    }
}
