using System.Diagnostics;

namespace Strongroom.Client.Connections;

/// <summary>A point in monotonic time.</summary>
internal readonly struct Deadline(TimeSpan within)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public bool IsOver => Left <= TimeSpan.Zero;

    public TimeSpan Left => within - Stopwatch.GetElapsedTime(_start);
}
