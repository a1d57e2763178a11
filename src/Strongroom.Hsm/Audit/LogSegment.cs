using Microsoft.Win32.SafeHandles;

namespace Strongroom.Hsm.Audit;

// A segment's file with the room that was set aside for it.
internal sealed record LogSegment(uint Number, string Path, SafeFileHandle File, long Room)
{
    /// <summary>What is left free at the end of a log that is full, for operations under way, management events and the count of what was refused.</summary>
    public static long MarginOf(long segmentBytes) => Math.Min(1 << 20, segmentBytes / 8);
}
