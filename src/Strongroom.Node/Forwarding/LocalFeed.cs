using Strongroom.Audit;
using Strongroom.Audit.Following;
using Strongroom.Audit.Records;
using Strongroom.Hsm;

namespace Strongroom.Node.Forwarding;

/// <summary>This HSM's own log.</summary>
internal sealed class LocalFeed(Module module, string folder) : IAuditFeed
{
    public ValueTask<AuditPart?> ReadAsync(uint segment, long offset, CancellationToken cancel) => ValueTask.FromResult(module.ReadOwnAudit(segment, offset));

    public ValueTask<SegmentReader?> OpenAsync(uint segment, CancellationToken cancel)
    {
        try
        {
            var file = LogFiles.Segments(folder).FirstOrDefault(file => file.Number == segment);
            return ValueTask.FromResult(file is null ? null : LogFiles.Open(file));
        }
        catch (FileNotFoundException)
        {
            return ValueTask.FromResult<SegmentReader?>(null);   // removed just now
        }
    }

    public ValueTask<uint?> NextAsync(uint segment, CancellationToken cancel) => ValueTask.FromResult(LogFiles.Segments(folder).FirstOrDefault(file => file.Number > segment)?.Number);
}
