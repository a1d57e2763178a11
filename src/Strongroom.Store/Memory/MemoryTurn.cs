namespace Strongroom.Store.Memory;

internal sealed class MemoryTurn(MemoryStore store) : IStoreTurn
{
    public ValueTask<CommitOutcome> CommitAsync(StoreTransaction transaction, CancellationToken cancel) => ValueTask.FromResult(store.Commit(transaction));

    public ValueTask DisposeAsync()
    {
        store.EndTurn();
        return ValueTask.CompletedTask;
    }
}
