using Strongroom.Audit.Records;

namespace Strongroom.Audit.Following;

/// <summary>Where a growing log is read from.</summary>
public interface IAuditFeed
{
    /// <summary>Reads on in a segment that is not compressed.</summary>
    /// <returns>Null if there is no such segment, or not in this form any more.</returns>
    ValueTask<AuditPart?> ReadAsync(uint segment, long offset, CancellationToken cancel);

    /// <summary>Opens a finished segment in whatever form it is.</summary>
    /// <returns>Null if there is none.</returns>
    ValueTask<SegmentReader?> OpenAsync(uint segment, CancellationToken cancel);

    /// <summary>The next segment that there is; null if there is none behind this one.</summary>
    ValueTask<uint?> NextAsync(uint segment, CancellationToken cancel);
}
