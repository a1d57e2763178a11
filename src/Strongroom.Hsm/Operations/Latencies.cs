using System.Diagnostics;

namespace Strongroom.Hsm.Operations;

/// <summary>Counts durations by classes from 10 µs to 1 s. Takes no lock.</summary>
internal sealed class Latencies
{
    private static readonly double[] Bounds = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1];
    private static readonly long[] Ticks = [.. Bounds.Select(seconds => (long)(seconds * Stopwatch.Frequency))];

    private readonly long[] _counts = new long[Bounds.Length + 1];
    private long _sum;

    /// <summary>Counts what began at a time of <see cref="Stopwatch.GetTimestamp"/> and ends now.</summary>
    public void Observe(long began)
    {
        long took = Stopwatch.GetTimestamp() - began;
        int at = 0;
        while (at < Ticks.Length && took > Ticks[at])
        {
            at++;
        }

        Interlocked.Increment(ref _counts[at]);
        Interlocked.Add(ref _sum, took);
    }

    public Histogram Read(string name, string labels) =>
        new(name, labels, Bounds, [.. Enumerable.Range(0, _counts.Length).Select(i => (ulong)Interlocked.Read(ref _counts[i]))], (double)Interlocked.Read(ref _sum) / Stopwatch.Frequency);
}
