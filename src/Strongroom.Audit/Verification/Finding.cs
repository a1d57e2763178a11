namespace Strongroom.Audit.Verification;

/// <summary>Something wrong with a log.</summary>
/// <param name="Sequence">The event concerned; for something between events, the one after it.</param>
/// <param name="Segment">Where: number of the segment.</param>
/// <param name="Offset">Where: bytes from the uncompressed segment's start.</param>
/// <param name="Text">What, in one sentence.</param>
public sealed record Finding(ulong Sequence, uint Segment, long Offset, string Text)
{
    public override string ToString() => $"{Text} (segment {Segment}, byte {Offset})";
}
