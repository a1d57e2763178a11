using Strongroom.Audit;
using Strongroom.Hsm;
using Strongroom.Hsm.Audit;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>The audit log, for admins. Reading files takes time, so both run off the reading loop.</summary>
internal static class AuditReading
{
    public static async ValueTask<Outcome<ListAuditReply>> ListAsync(Exchange exchange, ListAuditRequest request, CancellationToken cancel)
    {
        var listed = await exchange.Module.ListAuditAsync(exchange.Caller, (uint)Math.Min(request.After, uint.MaxValue), cancel).ConfigureAwait(false);
        return listed.IsOk
            ? new ListAuditReply(
                listed.Value.Newest.Cluster, listed.Value.Newest.Hsm, listed.Value.Newest.ToJson(), listed.Value.Certificates, [.. listed.Value.Segments.Select(Describe)], listed.Value.More)
            : listed.Cause;
    }

    public static ValueTask<Outcome<ReadAuditReply>> ReadAsync(Exchange exchange, ReadAuditRequest request, CancellationToken cancel)
    {
        var read = request is { Segment: <= uint.MaxValue, Offset: <= long.MaxValue }
            ? exchange.Module.ReadAudit(exchange.Caller, (uint)request.Segment, request.Compressed, (long)request.Offset)
            : Causes.AuditSegmentGone;
        return ValueTask.FromResult(read.IsOk ? new ReadAuditReply(read.Value.Data, read.Value.IsFinished) : (Outcome<ReadAuditReply>)read.Cause);
    }

    private static WireAuditSegment Describe(AuditSegment segment) => new(
        segment.Number,
        (ulong)segment.Bytes,
        segment.IsCompressed,
        segment.IsFinished,
        segment.FirstSequence,
        (ulong)Math.Max(0, AuditTime.ToMicroseconds(segment.Opened)));
}
