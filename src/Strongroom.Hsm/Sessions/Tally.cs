namespace Strongroom.Hsm.Sessions;

/// <summary>Counts what all instances hold together, up to a limit.</summary>
internal sealed class Tally(int limit)
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Counts one more.</summary>
    /// <returns>False if the limit is reached; nothing is counted then.</returns>
    public bool TryAdd()
    {
        if (Interlocked.Increment(ref _count) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    public void Subtract() => Interlocked.Decrement(ref _count);
}
