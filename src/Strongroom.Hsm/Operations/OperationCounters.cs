using System.Collections.Concurrent;
using Strongroom.Audit.Exports;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Operations;

/// <summary>Counts every use of a key, exactly: by use, mechanism, user and whether it was done; every refusal by its code; and how long whole operations took.</summary>
internal sealed class OperationCounters
{
    private readonly ConcurrentDictionary<(Use Use, Mechanism? Mechanism), Cell> _cells = new();
    private readonly ConcurrentDictionary<(Use Use, Rv Rv), Tally> _refusals = new();
    private long _signatures;

    /// <summary>Counts one operation.</summary>
    /// <param name="use">What was asked for.</param>
    /// <param name="mechanism">With which mechanism; null if there is no such one.</param>
    /// <param name="user">By whom; empty if nobody was logged in.</param>
    /// <param name="rv">What came of it.</param>
    /// <param name="began">When a whole operation began, by <see cref="System.Diagnostics.Stopwatch"/>; 0 for one in parts, whose time is its caller's.</param>
    public void Count(Use use, Mechanism? mechanism, string user, Rv rv, long began = 0)
    {
        Cell cell = _cells.GetOrAdd((use, mechanism), static _ => new Cell());
        UserCell mine = cell.Users.GetOrAdd(user, static _ => new UserCell());
        if (rv != Rv.Ok)
        {
            Interlocked.Increment(ref mine.Refused);
            _refusals.GetOrAdd((use, rv), static _ => new Tally()).Increment();
            return;
        }

        Interlocked.Increment(ref mine.Done);
        if (began != 0)
        {
            cell.Latencies.Observe(began);
        }

        if (use == Use.Sign)
        {
            Interlocked.Increment(ref _signatures);
        }
    }

    /// <summary>In short: users summed up.</summary>
    public IEnumerable<Counter> Read()
    {
        yield return Signatures();
        foreach (((Use use, Mechanism? mechanism), Cell cell) in _cells)
        {
            string labels = Labels(use, mechanism);
            yield return Operations(labels, "ok", cell.Users.Values.Sum(user => Interlocked.Read(ref user.Done)));
            yield return Operations(labels, "refused", cell.Users.Values.Sum(user => Interlocked.Read(ref user.Refused)));
        }
    }

    /// <summary>In full: by user, and refusals by code.</summary>
    public IEnumerable<Counter> ReadByUser()
    {
        yield return Signatures();
        foreach (((Use use, Mechanism? mechanism), Cell cell) in _cells)
        {
            foreach ((string user, UserCell mine) in cell.Users)
            {
                string labels = $"{Labels(use, mechanism)},user=\"{user}\"";
                yield return Operations(labels, "ok", Interlocked.Read(ref mine.Done));
                yield return Operations(labels, "refused", Interlocked.Read(ref mine.Refused));
            }
        }

        foreach (((Use use, Rv rv), Tally tally) in _refusals)
        {
            yield return new Counter($"strongroom_operation_refusals_total{{use=\"{NameOf(use)}\",code=\"{StandardNames.OfResult((uint)rv)}\"}}", (ulong)tally.Count);
        }
    }

    public IEnumerable<Histogram> ReadLatencies() => _cells.Select(cell => cell.Value.Latencies.Read("strongroom_operation_seconds", Labels(cell.Key.Use, cell.Key.Mechanism)));

    private Counter Signatures() => new("strongroom_signatures_total", (ulong)Interlocked.Read(ref _signatures));

    private static Counter Operations(string labels, string result, long count) => new($"strongroom_operations_total{{{labels},result=\"{result}\"}}", (ulong)count);

    // A mechanism that does not exist has no name of its own here, lest a client make counters without end.
    private static string Labels(Use use, Mechanism? mechanism) => $"use=\"{NameOf(use)}\",mechanism=\"{mechanism?.Name ?? "unknown"}\"";

    private static string NameOf(Use use) => use.ToString().ToLowerInvariant();

    private sealed class Cell
    {
        public ConcurrentDictionary<string, UserCell> Users { get; } = new();

        public Latencies Latencies { get; } = new();
    }

    private sealed class UserCell
    {
        public long Done;
        public long Refused;
    }

    private sealed class Tally
    {
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        public void Increment() => Interlocked.Increment(ref _count);
    }
}
