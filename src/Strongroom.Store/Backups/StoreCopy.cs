using Strongroom.Store.Commits;
using Strongroom.Store.Heads;
using Strongroom.Store.Sealing;

namespace Strongroom.Store.Backups;

/// <summary>Copies a store, sealed as it is: out of a running one as it was at one revision, and into an empty one.</summary>
public static class StoreCopy
{
    private const int RecordsAtOnce = 256;

    /// <summary>Reads all records, the head among them, as they were at one moment; writing goes on meanwhile.</summary>
    /// <exception cref="StoreException">The history is too short for so long a reading: begin again.</exception>
    public static async Task ReadAsync(IStore store, Func<IReadOnlyList<StoredRecord>, Task> take, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(take);
        var page = await store.ReadAsync(new("", Limit: RecordsAtOnce), cancel).ConfigureAwait(false);
        var at = page.At;
        while (true)
        {
            await take(page.Records ?? throw new StoreException("The store's history was compacted while it was being copied: it is kept for too short a time.")).ConfigureAwait(false);
            if (page.Next is null)
            {
                return;
            }

            page = await store.ReadAsync(new("", at, page.Next, RecordsAtOnce), cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Writes records into a store that has none.</summary>
    /// <exception cref="StoreException">There are records in it, or it gave no answer.</exception>
    public static async Task WriteAsync(IStore store, IAsyncEnumerable<IReadOnlyList<StoredRecord>> pages, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(pages);
        var last = Revision.None;
        await foreach (var page in pages.WithCancellation(cancel).ConfigureAwait(false))
        {
            for (var taken = 0; taken < page.Count;)
            {
                var operations = new List<StoreOperation>();
                for (long bytes = 0; taken < page.Count && operations.Count < StoreLimits.Operations; taken++)
                {
                    bytes += page[taken].Path.Length + page[taken].Value.Length;
                    if (operations.Count > 0 && bytes > StoreLimits.TransactionBytes)
                    {
                        break;
                    }

                    operations.Add(StoreOperation.Put(page[taken].Path, page[taken].Value));
                }

                // What is there already is somebody else's.
                var outcome = await store.CommitAsync(new([.. operations.Select(put => new StoreCompare(put.Path, Revision.None))], operations), cancel).ConfigureAwait(false);
                last = outcome.Status == CommitStatus.Committed ? outcome.Revision : throw new StoreException("The store into which is copied has records already, or gave no answer.");
            }
        }

        await store.CompactAsync(last, cancel).ConfigureAwait(false);
    }

    /// <summary>Opens every record of a copy and compares number and sum with its head.</summary>
    /// <exception cref="StoreDamagedException">Something in the copy is not as it was in the store.</exception>
    public static async Task<BackedUpStore> VerifyAsync(IAsyncEnumerable<IReadOnlyList<StoredRecord>> pages, ClusterKeys keys, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pages);
        using var vault = new RecordVault(keys);
        var index = new RecordIndex();
        VerifiedHead? head = null;
        await foreach (var page in pages.WithCancellation(cancel).ConfigureAwait(false))
        {
            foreach (var record in page)
            {
                if (record.Path == Head.Path)
                {
                    head = vault.OpenHead(record.Value, record.Modified);
                    continue;
                }

                var (opened, tag) = vault.Open(record.Path, record.Value);
                index.Put(record.Path, new(record.Modified, opened.Version, tag));
            }
        }

        FullScan.Verify((head ?? throw new StoreDamagedException("the copy", "it has no head")).Head, index);
        return new(head.Position, head.Head.Records);
    }
}
