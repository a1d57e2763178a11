using Strongroom.Audit;
using Strongroom.Audit.Following;
using Strongroom.Audit.Records;

namespace Strongroom.Hsm.Audit;

/// <summary>The log for its readers: files as they are, so that who reads them can check them without trusting the HSM's word.</summary>
public sealed partial class AuditLog
{
    private const int SegmentsPerPage = 256;
    private const int LargestPart = 256 << 10;
    private const int Attempts = 100;   // a segment may be compressed between its listing and its opening

    /// <summary>Signs for everything up to now and lists the segments.</summary>
    /// <param name="after">0, or the last number of the page before.</param>
    public async Task<AuditListing> ListAsync(uint after, CancellationToken cancel)
    {
        var newest = await SignHeadAsync(cancel).ConfigureAwait(false) ?? throw new AuditFailedException("the log has no head");
        var (current, written) = Current();
        var numbers = LogFiles.Segments(_options.Directory).Select(s => s.Number).Where(n => n > after && n <= current).ToList();
        var certificates = Path.Combine(_options.Directory, LogFiles.Certificates);
        return new AuditListing(
            newest,
            File.Exists(certificates) ? await File.ReadAllTextAsync(certificates, cancel).ConfigureAwait(false) : "",
            [.. numbers.Take(SegmentsPerPage).Select(n => Describe(n, n == current ? written : null)).OfType<AuditSegment>()],
            numbers.Count > SegmentsPerPage);
    }

    /// <summary>Reads from a segment; of the one in use, what the kernel has.</summary>
    /// <param name="number">Of the segment.</param>
    /// <param name="compressed">The form that is asked for; the other form has other bytes.</param>
    /// <param name="offset">Bytes from the file's start.</param>
    /// <returns>At most 256 KiB; null if there is no such segment, or not in this form any more.</returns>
    public AuditPart? Read(uint number, bool compressed, long offset)
    {
        var (current, written) = Current();
        if (number == 0 || number > current || offset < 0 || (number == current && compressed))
        {
            return null;
        }

        try
        {
            using var file = File.OpenHandle(
                Path.Combine(_options.Directory, LogFiles.NameOf(number, compressed)), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var end = number == current ? written : RandomAccess.GetLength(file);
            var part = new byte[Math.Clamp(end - offset, 0, LargestPart)];
            var read = RandomAccess.Read(file, part, offset);
            return new AuditPart(part.AsMemory(0, read), number < current);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private (uint Number, long Written) Current()
    {
        lock (_writing)
        {
            return (_segment.Number, _position);
        }
    }

    // Null: it was removed just now.
    private AuditSegment? Describe(uint number, long? written)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                var compressed = !File.Exists(Path.Combine(_options.Directory, LogFiles.NameOf(number, compressed: false)));
                var path = Path.Combine(_options.Directory, LogFiles.NameOf(number, compressed));
                var bytes = written ?? new FileInfo(path).Length;
                using var reader = SegmentReader.Open(path);
                return reader.Next() == SegmentStep.Record && RecordReader.Read(reader.Record) is OpeningRecord opening
                    ? new AuditSegment(number, bytes, compressed, written is null, opening.FirstSequence, opening.Time)
                    : new AuditSegment(number, bytes, compressed, written is null, 0, default);   // damaged: a reader should see it all the same
            }
            catch (FileNotFoundException)
            {
            }
            catch (AuditFormatException)
            {
                return null;
            }
        }

        return null;
    }
}
