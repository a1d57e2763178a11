namespace Strongroom.Node.Life;

/// <summary>Makes each wrong passphrase in a row dearer than the last: 1, 2, 4 … 30 seconds. One guess at a time.</summary>
internal sealed class SlowedGuesses(TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Wrong guesses since the last right one.</summary>
    public int Wrong { get; private set; }

    /// <summary>Call after a wrong guess; the answer waits as long as this does.</summary>
    public Task PunishAsync(CancellationToken cancel)
    {
        Wrong++;
        var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(Wrong - 1, 10)));
        return Task.Delay(wait < Longest ? wait : Longest, clock, cancel);
    }

    /// <summary>Call after the right one.</summary>
    public void Forgive() => Wrong = 0;
}
