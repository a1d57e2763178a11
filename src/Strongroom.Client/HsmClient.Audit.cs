using Strongroom.Wire;

namespace Strongroom.Client;

public sealed partial class HsmClient
{
    /// <summary>What there is to read of the HSM's audit log, all pages of it; by an admin. The head covers everything up to this reading.</summary>
    public async Task<ListAuditReply> ListAuditAsync(CancellationToken cancel = default)
    {
        var segments = new List<WireAuditSegment>();
        while (true)
        {
            var page = await CallAsync<ListAuditRequest, ListAuditReply>(new(segments.Count == 0 ? 0 : segments[^1].Number), cancel).ConfigureAwait(false);
            segments.AddRange(page.Segments);
            if (!page.More || page.Segments.Length == 0)
            {
                return page with { Segments = [.. segments], More = false };
            }
        }
    }

    /// <summary>Bytes of a segment of the audit log, at most 256 KiB; by an admin.</summary>
    /// <param name="segment">Its number.</param>
    /// <param name="compressed">In which form.</param>
    /// <param name="offset">Bytes from its start.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<ReadAuditReply> ReadAuditAsync(ulong segment, bool compressed, ulong offset, CancellationToken cancel = default) =>
        CallAsync<ReadAuditRequest, ReadAuditReply>(new(segment, compressed, offset), cancel);
}
