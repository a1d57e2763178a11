namespace Strongroom.Store;

/// <summary>
/// A writer's turn; disposing it ends the turn. What the writer catches up with inside its turn stays the newest until its end (SQLite), or probably does (etcd, where taking turns does not wait):
/// so under load from many writers each of them gets its commit through instead of finding its view outdated every time.
/// </summary>
public interface IStoreTurn : IAsyncDisposable
{
    /// <summary>Commits a transaction if its compares hold. When it is <see cref="CommitStatus.Committed"/>, it is durable.</summary>
    /// <exception cref="StoreFullException">No room; nothing was written, and reading goes on.</exception>
    /// <exception cref="StoreDamagedException">The files under this store are not those that it opened, or not as it left them.</exception>
    ValueTask<CommitOutcome> CommitAsync(StoreTransaction transaction, CancellationToken cancel);
}
