namespace Strongroom.Hsm.Audit;

// Group commit: one thread fsyncs for everybody who waits; who comes while it does so is served by the next round.
internal sealed class GroupSync : IDisposable
{
    private readonly Func<long> _sync;
    private readonly Thread _thread;
    private readonly object _monitor = new();
    private TaskCompletionSource _round = NewRound();   // under _monitor: whom the next fsync serves
    private bool _wanted;                               // under _monitor
    private bool _stopped;                              // under _monitor
    private long _durable;                              // written by the thread, read by anyone: a stale value only costs a wait

    /// <param name="sync">Makes durable what has been appended so far and returns how far that was.</param>
    public GroupSync(Func<long> sync)
    {
        _sync = sync;
        _thread = new Thread(Run) { Name = "audit fsync", IsBackground = true };
        _thread.Start();
    }

    /// <summary>How many fsyncs there were.</summary>
    public long Rounds { get; private set; }

    /// <summary>Completes when everything up to here is durable.</summary>
    public ValueTask WaitAsync(long ordinal)
    {
        if (Volatile.Read(ref _durable) >= ordinal)
        {
            return ValueTask.CompletedTask;
        }

        lock (_monitor)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _wanted = true;
            Monitor.Pulse(_monitor);
            return new ValueTask(_round.Task);
        }
    }

    public void Dispose()
    {
        lock (_monitor)
        {
            _stopped = true;
            Monitor.Pulse(_monitor);
        }

        _thread.Join();
    }

    private static TaskCompletionSource NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Run()
    {
        while (true)
        {
            TaskCompletionSource round;
            lock (_monitor)
            {
                while (!_wanted && !_stopped)
                {
                    Monitor.Wait(_monitor);
                }

                if (!_wanted)
                {
                    return;
                }

                (round, _round, _wanted) = (_round, NewRound(), false);
            }

            try
            {
                Volatile.Write(ref _durable, _sync());
                Rounds++;
                round.SetResult();
            }
            catch (Exception e) when (e is IOException or AuditFailedException)
            {
                round.SetException(new AuditFailedException($"the audit log could not be made durable: {e.Message}", e));
            }
        }
    }
}
