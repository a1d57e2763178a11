using System.Collections.Concurrent;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Operations;

/// <summary>Counts every use of a key, exactly: by use, mechanism and whether it was done.</summary>
internal sealed class OperationCounters
{
    private readonly ConcurrentDictionary<(Use Use, Mechanism? Mechanism), Cell> _cells = new();
    private long _signatures;

    /// <summary>Counts one operation.</summary>
    /// <param name="use">What was asked for.</param>
    /// <param name="mechanism">With which mechanism; null if there is no such one.</param>
    /// <param name="ok">Whether it was done.</param>
    public void Count(Use use, Mechanism? mechanism, bool ok)
    {
        Cell cell = _cells.GetOrAdd((use, mechanism), static _ => new Cell());
        Interlocked.Increment(ref ok ? ref cell.Done : ref cell.Refused);
        if (ok && use == Use.Sign)
        {
            Interlocked.Increment(ref _signatures);
        }
    }

    public IEnumerable<Counter> Read()
    {
        yield return new Counter("strongroom_signatures_total", (ulong)Interlocked.Read(ref _signatures));
        foreach (((Use use, Mechanism? mechanism), Cell cell) in _cells)
        {
            // A mechanism that does not exist has no name of its own here, lest a client make counters without end.
            string labels = $"use=\"{use.ToString().ToLowerInvariant()}\",mechanism=\"{mechanism?.Name ?? "unknown"}\"";
            yield return new Counter($"strongroom_operations_total{{{labels},result=\"ok\"}}", (ulong)Interlocked.Read(ref cell.Done));
            yield return new Counter($"strongroom_operations_total{{{labels},result=\"refused\"}}", (ulong)Interlocked.Read(ref cell.Refused));
        }
    }

    private sealed class Cell
    {
        public long Done;
        public long Refused;
    }
}
