namespace Strongroom.Store;

/// <summary>
/// Ordered records under revisions, with etcd's semantics, so that one host's SQLite and many hosts' etcd are the same thing to their user. The store sees sealed bytes only and is not trusted.
/// An implementation may block the calling thread for as long as an fsync takes. Broken worlds are a <see cref="StoreException"/>.
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>Reads a page of the records below a prefix, as they were at one revision.</summary>
    ValueTask<ReadPage> ReadAsync(ReadRequest request, CancellationToken cancel);

    /// <summary>Queues with the other writers of this store and returns when it is the caller's turn.</summary>
    /// <exception cref="StoreBusyException">Another writer keeps its turn for longer than the store waits.</exception>
    ValueTask<IStoreTurn> TakeTurnAsync(CancellationToken cancel);

    /// <summary>Watches the changes below a prefix that were made after a revision.</summary>
    IStoreWatch Watch(string prefix, Revision after);

    /// <summary>Forgets the history up to a revision: reading before it, or watching from before it, is refused as compacted from then on.</summary>
    ValueTask CompactAsync(Revision upTo, CancellationToken cancel);

    /// <summary>Commits one transaction in a turn of its own.</summary>
    async ValueTask<CommitOutcome> CommitAsync(StoreTransaction transaction, CancellationToken cancel)
    {
        await using var turn = await TakeTurnAsync(cancel).ConfigureAwait(false);
        return await turn.CommitAsync(transaction, cancel).ConfigureAwait(false);
    }
}
