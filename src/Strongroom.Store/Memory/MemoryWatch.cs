namespace Strongroom.Store.Memory;

internal sealed class MemoryWatch(MemoryStore store, string prefix, Revision after) : IStoreWatch
{
    // Moved by the thread that catches up; read by the one that waits, which at worst wakes once for nothing.
    private long _place = after.Value;

    public async ValueTask WaitAsync(CancellationToken cancel) => await store.WhenAfter(new(Volatile.Read(ref _place))).WaitAsync(cancel).ConfigureAwait(false);

    public ValueTask<WatchResult> CatchUpAsync(CancellationToken cancel)
    {
        var result = store.ChangesAfter(prefix, new(_place));
        Volatile.Write(ref _place, result.UpTo.Value);
        return ValueTask.FromResult(result);
    }

    public void Advance(Revision revision) => Volatile.Write(ref _place, Math.Max(_place, revision.Value));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
