using Microsoft.Win32.SafeHandles;

namespace Strongroom.Hsm.Audit;

// A segment's file with the room that was set aside for it.
internal sealed record LogSegment(uint Number, string Path, SafeFileHandle File, long Room)
{
    private readonly string? _place = PlaceOf(File);

    /// <summary>What is left free at the end of a log that is full, for operations under way, management events and the count of what was refused.</summary>
    public static long MarginOf(long segmentBytes) => Math.Min(1 << 20, segmentBytes / 8);

    /// <summary>Why nobody will find what is written to the file; null if it is where it was made, with all that was written.</summary>
    public string? Damage(long written) =>
        PlaceOf(File) != _place ? $"{Path} was removed or replaced while this HSM wrote to it"
        : IsCut(written) ? $"{Path} was cut while this HSM wrote to it"
        : null;

    /// <summary>Whether the file has less than was written to it.</summary>
    public bool IsCut(long written) => RandomAccess.GetLength(File) < written;

    // Where an open file is now; of one that is gone the kernel says "(deleted)" (proc(5)).
    private static string? PlaceOf(SafeFileHandle file) => new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget;
}
