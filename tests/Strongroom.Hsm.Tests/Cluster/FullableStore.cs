using Strongroom.Store;

namespace Strongroom.Hsm.Tests.Cluster;

/// <summary>A store on a disk that can be full.</summary>
internal sealed class FullableStore(IStore inner, Func<bool> isFull) : IStore
{
    public ValueTask<ReadPage> ReadAsync(ReadRequest request, CancellationToken cancel) => inner.ReadAsync(request, cancel);

    public IStoreWatch Watch(string prefix, Revision after) => inner.Watch(prefix, after);

    public async ValueTask<IStoreTurn> TakeTurnAsync(CancellationToken cancel) => new Turn(await inner.TakeTurnAsync(cancel), isFull);

    public ValueTask CompactAsync(Revision upTo, CancellationToken cancel) => inner.CompactAsync(upTo, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Turn(IStoreTurn inner, Func<bool> isFull) : IStoreTurn
    {
        public ValueTask<CommitOutcome> CommitAsync(StoreTransaction transaction, CancellationToken cancel) =>
            isFull() ? throw new StoreFullException("a test's store", null) : inner.CommitAsync(transaction, cancel);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
