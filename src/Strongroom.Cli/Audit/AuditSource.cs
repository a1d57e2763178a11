using Strongroom.Audit;
using Strongroom.Audit.Following;
using Strongroom.Audit.Records;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Audit;

/// <summary>The audit log of an HSM, read through the login of an admin. The HSM gives the log's own bytes; what they mean is worked out here.</summary>
internal sealed class AuditSource(HsmClient client) : IAuditFeed
{
    private const ulong ObjectHandleInvalid = 0x82;   // CKR_OBJECT_HANDLE_INVALID: the segment is gone, or was compressed meanwhile
    private const int Attempts = 5;

    /// <summary>The log's segments, its newest signed head and the HSM's certificates.</summary>
    public Task<ListAuditReply> ListAsync(CancellationToken cancel) => client.ListAuditAsync(cancel);

    /// <summary>All entries from a number and a time on, in order.</summary>
    /// <param name="first">The first number wanted.</param>
    /// <param name="since">Entries before it are left out; null: none.</param>
    /// <param name="cancel">Gives up.</param>
    public async IAsyncEnumerable<AuditEntry> EntriesAsync(ulong first, DateTimeOffset? since, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var listed = await ListAsync(cancel).ConfigureAwait(false);
        foreach (var segment in Wanted(listed.Segments, first, since))
        {
            using var file = await FetchAsync(segment, cancel).ConfigureAwait(false);
            foreach (var entry in Entries(file).Where(e => e.Event.Sequence >= first && (since is null || e.Event.Time >= since)))
            {
                yield return entry;
            }
        }
    }

    /// <summary>Fetches what there is of a segment into a file without a name.</summary>
    /// <returns>The file, at its start.</returns>
    public async Task<FileStream> FetchAsync(WireAuditSegment segment, CancellationToken cancel)
    {
        var file = NamelessFile();
        try
        {
            await CopyAsync(segment, file, cancel).ConfigureAwait(false);
            return file;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Copies what there is of a segment, from the beginning again if the HSM compressed it meanwhile. Of the segment in use: what there was when it was listed, which ends with a head.</summary>
    /// <param name="segment">As it was listed.</param>
    /// <param name="to">Overwritten; at its start afterwards.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Whether the copy is compressed.</returns>
    public async Task<bool> CopyAsync(WireAuditSegment segment, FileStream to, CancellationToken cancel)
    {
        var compressed = segment.Compressed;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await CopyAsync(segment, compressed, to, cancel).ConfigureAwait(false);
                to.Position = 0;
                return compressed;
            }
            catch (HsmRefusedException e) when (e.Rv == ObjectHandleInvalid && attempt < Attempts)
            {
                compressed = !compressed;
            }
        }
    }

    /// <summary>A file of this process alone, for what need not fit into memory.</summary>
    public static FileStream NamelessFile()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        File.Delete(path);
        return file;
    }

    /// <summary>Those segments that can have entries from a number and a time on.</summary>
    public static IEnumerable<WireAuditSegment> Wanted(WireAuditSegment[] segments, ulong first, DateTimeOffset? since) => segments.Where((_, i) => !EndsBefore(segments, i, first, since));

    public async ValueTask<AuditPart?> ReadAsync(uint segment, long offset, CancellationToken cancel)
    {
        try
        {
            var part = await client.ReadAuditAsync(segment, compressed: false, (ulong)offset, cancel).ConfigureAwait(false);
            return new AuditPart(part.Data, part.Finished);
        }
        catch (HsmRefusedException e) when (e.Rv == ObjectHandleInvalid)
        {
            return null;
        }
    }

    public async ValueTask<SegmentReader?> OpenAsync(uint segment, CancellationToken cancel)
    {
        try
        {
            return SegmentReader.Of(await FetchAsync(new WireAuditSegment(segment, 0, Compressed: true, Finished: true, 0, 0), cancel).ConfigureAwait(false));
        }
        catch (HsmRefusedException e) when (e.Rv == ObjectHandleInvalid)
        {
            return null;
        }
    }

    public async ValueTask<uint?> NextAsync(uint segment, CancellationToken cancel)
    {
        var next = (await ListAsync(cancel).ConfigureAwait(false)).Segments.FirstOrDefault(s => s.Number > segment);
        return next.Number == 0 ? null : (uint)next.Number;
    }

    /// <summary>The entries of one segment.</summary>
    public static IEnumerable<AuditEntry> Entries(FileStream file)
    {
        using var reader = SegmentReader.Of(file);
        var segment = new SegmentEntries();
        while (reader.Next() == SegmentStep.Record)
        {
            if (segment.Take(RecordReader.Read(reader.Record)) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private async Task CopyAsync(WireAuditSegment segment, bool compressed, FileStream to, CancellationToken cancel)
    {
        to.SetLength(0);
        ReadAuditReply part;
        do
        {
            part = await client.ReadAuditAsync(segment.Number, compressed, (ulong)to.Length, cancel).ConfigureAwait(false);
            await to.WriteAsync(part.Data, cancel).ConfigureAwait(false);
            if (!segment.Finished && !part.Finished && (ulong)to.Length >= segment.Bytes)
            {
                to.SetLength((long)segment.Bytes);
                return;
            }
        }
        while (part.Data.Length > 0);
    }

    // Whether the next segment begins before what is wanted, so that this one has nothing of it.
    private static bool EndsBefore(WireAuditSegment[] segments, int index, ulong first, DateTimeOffset? since) =>
        index + 1 < segments.Length
        && (segments[index + 1].FirstSequence <= first || (since is { } time && AuditTime.FromMicroseconds((long)segments[index + 1].Opened) <= time));
}
