namespace Strongroom.Node.Data;

/// <summary>
/// Bounds the memory of long frames, of all connections together and of each source: whoever sends one is read on only once there is room for all of it, and keeps that until its reply is taken. Who asks for a long reply by a short frame
/// is answered only once there is room for the reply. Frames up to 64 KiB need none, so that no hoarder of long ones stands in their way.
/// </summary>
internal sealed class Reception
{
    /// <summary>Bytes of a frame that needs no room.</summary>
    public const int Small = 64 << 10;

    private const long MostBytes = 64 << 20;
    private const long MostBytesOfSource = 16 << 20;

    // Guards everything below; held for a few instructions.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _bySource = [];
    private readonly LinkedList<(string Source, int Bytes, TaskCompletionSource Granted)> _waiting = [];
    private long _taken;

    /// <summary>Waits for room. What is given back goes to those who wait, in the order of their coming; what is too little for any of them, to whoever comes next and fits.</summary>
    public async Task TakeAsync(string source, int bytes, CancellationToken cancel)
    {
        LinkedListNode<(string, int, TaskCompletionSource Granted)> turn;
        lock (_lock)
        {
            if (TryTake(source, bytes))
            {
                return;
            }

            turn = _waiting.AddLast((source, bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        using var registration = cancel.Register(() => turn.Value.Granted.TrySetCanceled(cancel));
        try
        {
            await turn.Value.Granted.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (turn.List is not null)
                {
                    _waiting.Remove(turn);
                }
            }

            throw;
        }
    }

    /// <summary>Gives room back.</summary>
    public void Give(string source, int bytes)
    {
        lock (_lock)
        {
            Return(source, bytes);
            for (var turn = _waiting.First; turn is not null;)
            {
                var next = turn.Next;
                if (TryTake(turn.Value.Source, turn.Value.Bytes))
                {
                    _waiting.Remove(turn);
                    if (!turn.Value.Granted.TrySetResult())
                    {
                        // It was cancelled in between.
                        Return(turn.Value.Source, turn.Value.Bytes);
                    }
                }

                turn = next;
            }
        }
    }

    private void Return(string source, int bytes)
    {
        _taken -= bytes;
        if ((_bySource[source] -= bytes) == 0)
        {
            _bySource.Remove(source);
        }
    }

    private bool TryTake(string source, int bytes)
    {
        var ofSource = _bySource.GetValueOrDefault(source);
        if (_taken + bytes > MostBytes || ofSource + bytes > MostBytesOfSource)
        {
            return false;
        }

        _taken += bytes;
        _bySource[source] = ofSource + bytes;
        return true;
    }
}
