namespace Strongroom.Store.Sqlite;

/// <summary>
/// Notices other processes' commits by PRAGMA data_version, which reads a number in shared memory, and looks after the files while nothing is written: whether they are still the opened ones (every time), and whether something else wrote to them (every second).
/// </summary>
internal sealed class SqlitePoller(SqliteFiles files, TurnLock turns, SqliteReader reader, Revision first, SqliteStoreOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan NoteInterval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    // Written by the loop, read by waiters: each waiter takes the current source before it compares the revision, so it misses nothing.
    private volatile TaskCompletionSource _news = NewSource();
    private long _seen = first.Value;
    private volatile StoreException? _fault;

    public void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>Waits until the store is past a revision.</summary>
    /// <exception cref="StoreException">The loop found damage.</exception>
    public async ValueTask WhenAfterAsync(Revision revision, CancellationToken cancel)
    {
        while (true)
        {
            var news = _news;
            if (_fault is { } fault)
            {
                throw fault;
            }
            if (Volatile.Read(ref _seen) > revision.Value)
            {
                return;
            }
            await news.Task.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        reader.Dispose();
        _stop.Dispose();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(options.PollInterval, options.Clock);
        var version = -1L;
        var noted = options.Clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                files.Check();
                if (reader.DataVersion() is var now && now != version)
                {
                    version = now;
                    Tell(reader.Revision());
                }
                if (options.Clock.GetElapsedTime(noted) >= NoteInterval && turns.TryTake())
                {
                    noted = options.Clock.GetTimestamp();
                    try
                    {
                        turns.CheckNote();
                    }
                    finally
                    {
                        turns.Give();
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (StoreException found)
        {
            _fault = found;
            _news.TrySetResult();
        }
        catch (IOException failed)
        {
            _fault = new StoreException($"{files.Database}: {failed.Message}", failed);
            _news.TrySetResult();
        }
    }

    private void Tell(Revision revision)
    {
        Volatile.Write(ref _seen, revision.Value);
        var news = _news;
        _news = NewSource();
        news.TrySetResult();
    }
}
