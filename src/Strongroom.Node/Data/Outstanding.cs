namespace Strongroom.Node.Data;

/// <summary>
/// Bounds what a connection has in flight beyond its reading loop. A request counts 1, and 1 more for each 32 KiB of its frame: at most 128 requests, or 4 MiB. One taker (the reading loop), any number of givers.
/// </summary>
internal sealed class Outstanding
{
    private const int Units = 128;
    private const int BytesAUnit = 32768;

    // Everything below is guarded by this lock, which is held for a few instructions.
    private readonly Lock _gate = new();
    private int _free = Units;
    private TaskCompletionSource? _waiting;

    /// <summary>Units that a frame takes.</summary>
    public static int UnitsOf(long frameBytes) => 1 + (int)(frameBytes / BytesAUnit);

    /// <summary>Takes units if there are as many.</summary>
    public bool TryTake(int units)
    {
        lock (_gate)
        {
            if (_free < units)
            {
                return false;
            }

            _free -= units;
            return true;
        }
    }

    /// <summary>Gives units back.</summary>
    public void Give(int units)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _free += units;
            waiting = _waiting;
            _waiting = null;
        }

        waiting?.TrySetResult();
    }

    /// <summary>Completes at the next <see cref="Give"/>, or at once if nothing is in flight.</summary>
    public Task NextGiveAsync()
    {
        lock (_gate)
        {
            return _free == Units ? Task.CompletedTask : (_waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Completes when nothing is in flight.</summary>
    public async Task AllGivenAsync()
    {
        while (Volatile.Read(ref _free) != Units)
        {
            await NextGiveAsync().ConfigureAwait(false);
        }
    }
}
