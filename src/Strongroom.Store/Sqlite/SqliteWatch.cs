namespace Strongroom.Store.Sqlite;

internal sealed class SqliteWatch(SqliteReader reader, SqlitePoller poller, string prefix, Revision after) : IStoreWatch
{
    // Moved by the thread that catches up; read by the one that waits, which at worst wakes once for nothing.
    private long _place = after.Value;

    public ValueTask WaitAsync(CancellationToken cancel) => poller.WhenAfterAsync(new(Volatile.Read(ref _place)), cancel);

    public ValueTask<WatchResult> CatchUpAsync(CancellationToken cancel)
    {
        var result = reader.ChangesAfter(prefix, new(_place));
        Volatile.Write(ref _place, result.UpTo.Value);
        return ValueTask.FromResult(result);
    }

    public void Advance(Revision revision) => Volatile.Write(ref _place, Math.Max(_place, revision.Value));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
