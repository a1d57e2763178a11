namespace Strongroom.Store.Tests;

/// <summary>Another process's way to a store that outlives it; its watches can be paused, and its commits can be left without an answer.</summary>
internal sealed class SharedStore(IStore inner) : IStore
{
    private volatile TaskCompletionSource? _pause;

    /// <summary>Called for each commit: null commits as usual; true commits and gives no answer; false does not commit and gives no answer.</summary>
    public Func<StoreTransaction, bool?> NoAnswer { get; set; } = _ => null;

    /// <summary>Called after each commit to which no answer is given.</summary>
    public Action AfterCommit { get; set; } = () => { };

    public void Pause() => _pause = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume()
    {
        var pause = _pause;
        _pause = null;
        pause?.SetResult();
    }

    public ValueTask<ReadPage> ReadAsync(ReadRequest request, CancellationToken cancel) => inner.ReadAsync(request, cancel);

    public async ValueTask<IStoreTurn> TakeTurnAsync(CancellationToken cancel) => new Turn(this, await inner.TakeTurnAsync(cancel));

    public IStoreWatch Watch(string prefix, Revision after) => new PausingWatch(this, inner.Watch(prefix, after));

    public ValueTask CompactAsync(Revision upTo, CancellationToken cancel) => inner.CompactAsync(upTo, cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Turn(SharedStore store, IStoreTurn inner) : IStoreTurn
    {
        public async ValueTask<CommitOutcome> CommitAsync(StoreTransaction transaction, CancellationToken cancel)
        {
            switch (store.NoAnswer(transaction))
            {
                case false:
                    return CommitOutcome.Unknown;
                case true:
                    await inner.CommitAsync(transaction, cancel);
                    store.AfterCommit();
                    return CommitOutcome.Unknown;
                default:
                    return await inner.CommitAsync(transaction, cancel);
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class PausingWatch(SharedStore store, IStoreWatch inner) : IStoreWatch
    {
        public async ValueTask WaitAsync(CancellationToken cancel)
        {
            await inner.WaitAsync(cancel);
            await (store._pause?.Task ?? Task.CompletedTask).WaitAsync(cancel);
        }

        public ValueTask<WatchResult> CatchUpAsync(CancellationToken cancel) => inner.CatchUpAsync(cancel);

        public void Advance(Revision revision) => inner.Advance(revision);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
