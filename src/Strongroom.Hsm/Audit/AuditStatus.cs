using Strongroom.Audit;

namespace Strongroom.Hsm.Audit;

/// <summary>How an audit log stands.</summary>
/// <param name="Sequence">The last event's number.</param>
/// <param name="Reboot">How often the log has been opened.</param>
/// <param name="Segment">The segment in use.</param>
/// <param name="Used">Bytes taken.</param>
/// <param name="Capacity">Bytes there are.</param>
/// <param name="Fraction">How full it is, 0 to 1; also counts a disk that has no room for the next segment.</param>
/// <param name="IsFull">Whether operations are refused, or go unlogged.</param>
/// <param name="Refused">Operations refused since the start because there was no room.</param>
/// <param name="Unlogged">Operations done without being logged since the start.</param>
/// <param name="Writes">write(2) calls.</param>
/// <param name="Syncs">fsyncs.</param>
/// <param name="Newest">The newest signed head.</param>
/// <param name="Kept">The newest head that the cluster's store has.</param>
/// <param name="Failure">Why the log can't be written; null if it can.</param>
public sealed record AuditStatus(
    ulong Sequence, uint Reboot, uint Segment, long Used, long Capacity, double Fraction, bool IsFull, long Refused, long Unlogged, long Writes, long Syncs, AuditHead? Newest, AuditHead? Kept,
    string? Failure);
