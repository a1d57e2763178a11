namespace Strongroom.Hsm.Users;

/// <summary>
/// Slows guessing from one address, long before it locks anybody. What a wrong password costs grows with each one that came from there: the first is answered at once, the others after ½, 1, 2 … 30 seconds, and until then the
/// next attempt from there on the same user waits its turn. Right passwords of other users, and everybody elsewhere, wait for nothing. It is kept in memory alone: what must hold over restarts is the lock.
/// </summary>
internal sealed class SlowedSources(BootClock boot, TimeProvider clock)
{
    private const int MaxSources = 4096;
    private const int MaxUsersOfSource = 256;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);

    // Guards both dictionaries and what they hold; held for dictionary work only.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Source> _sources = [];
    private readonly Dictionary<(string Address, string User), Turn> _turns = [];

    /// <summary>Lets an attempt take its turn, and keeps its answer back if the password was wrong.</summary>
    /// <param name="address">Where it comes from; empty for what has no address, which is not slowed.</param>
    /// <param name="user">Whose password is tried.</param>
    /// <param name="attempt">Tries it.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public async ValueTask<Outcome<UserRecord>> TryAsync(string address, string user, Func<ValueTask<Outcome<UserRecord>>> attempt, CancellationToken cancel)
    {
        if (address.Length == 0)
        {
            return await attempt().ConfigureAwait(false);
        }

        Turn turn = Enter(address, user);
        try
        {
            await turn.Gate.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                Outcome<UserRecord> outcome = await attempt().ConfigureAwait(false);
                if (outcome.IsOk)
                {
                    Forgive(address, user);
                }
                else if (outcome.Cause == Causes.PinWrong)
                {
                    await Task.Delay(Count(address, user), clock, cancel).ConfigureAwait(false);
                }

                return outcome;
            }
            finally
            {
                turn.Gate.Release();
            }
        }
        finally
        {
            Leave(address, user, turn);
        }
    }

    private Turn Enter(string address, string user)
    {
        lock (_lock)
        {
            if (!_turns.TryGetValue((address, user), out Turn? turn))
            {
                _turns[(address, user)] = turn = new Turn();
            }

            turn.Present++;
            return turn;
        }
    }

    private void Leave(string address, string user, Turn turn)
    {
        lock (_lock)
        {
            if (--turn.Present == 0)
            {
                _turns.Remove((address, user));
                turn.Gate.Dispose();
            }
        }
    }

    // Counts a wrong password; how long its answer waits.
    private TimeSpan Count(string address, string user)
    {
        lock (_lock)
        {
            TimeSpan now = boot.Now;
            if (!_sources.TryGetValue(address, out Source? source) || now - source.Last > Forgotten)
            {
                Prune(now);
                _sources[address] = source = new Source();
            }

            // Names are the client's choice, so that only so many are told apart.
            string counted = source.Wrong.Count < MaxUsersOfSource ? user : "";
            source.Last = now;
            source.Wrong[counted] = source.Wrong.GetValueOrDefault(counted) + 1;
            int before = source.Wrong.Values.Sum() - 1;
            TimeSpan wait = before == 0 ? TimeSpan.Zero : First * Math.Pow(2, Math.Min(before - 1, 10));
            return wait < Longest ? wait : Longest;
        }
    }

    // A right password takes back what was wrong for the same user: who guesses others' has none of it.
    private void Forgive(string address, string user)
    {
        lock (_lock)
        {
            if (_sources.TryGetValue(address, out Source? source) && source.Wrong.Remove(user) && source.Wrong.Count == 0)
            {
                _sources.Remove(address);
            }
        }
    }

    private void Prune(TimeSpan now)
    {
        if (_sources.Count < MaxSources)
        {
            return;
        }

        foreach (string old in _sources.Where(pair => now - pair.Value.Last > Forgotten).Select(pair => pair.Key).ToList())
        {
            _sources.Remove(old);
        }

        if (_sources.Count >= MaxSources)
        {
            _sources.Remove(_sources.MinBy(pair => pair.Value.Last).Key);
        }
    }

    private sealed class Source
    {
        public Dictionary<string, int> Wrong { get; } = [];

        public TimeSpan Last { get; set; }
    }

    private sealed class Turn
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Present { get; set; }
    }
}
