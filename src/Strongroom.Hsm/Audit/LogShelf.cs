using System.IO.Compression;
using Strongroom.Audit;
using Strongroom.Audit.Records;

namespace Strongroom.Hsm.Audit;

// The directory of the log's segments: makes the next one, compresses and removes finished ones, and knows how much room is taken.
internal sealed class LogShelf : IDisposable
{
    private readonly AuditOptions _options;
    private readonly FileStream _lock;
    private readonly Lock _stock = new();                              // guards the next two; never held over work on files
    private readonly SortedDictionary<uint, Closed> _closed = [];
    private long _closedBytes;

    public LogShelf(AuditOptions options)
    {
        _options = options;
#pragma warning disable CA1416 // The HSM runs on Linux only; the directory's mode is what keeps others out.
        Directory.CreateDirectory(options.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        try
        {
            // Two writers would fork the chain.
            _lock = new FileStream(Path.Combine(options.Directory, "lock"), new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None });
        }
        catch (IOException e)
        {
            throw new AuditFailedException($"{options.Directory}: another process writes this audit log ({e.Message})", e);
        }
    }

    private sealed record Closed(SegmentFile File, long Bytes)
    {
        /// <summary>When its newest event was; read from the file when first asked for.</summary>
        public DateTimeOffset? Newest { get; set; }
    }

    /// <summary>Bytes of finished segments.</summary>
    public long ClosedBytes
    {
        get
        {
            lock (_stock)
            {
                return _closedBytes;
            }
        }
    }

    /// <summary>Takes stock of what a former run left: everything there is finished.</summary>
    public void TakeStock()
    {
        foreach (var leftover in Directory.EnumerateFiles(_options.Directory, "*.tmp"))
        {
            File.Delete(leftover);
        }

        foreach (var file in LogFiles.Segments(_options.Directory))
        {
            Add(file.Number);
        }
    }

    /// <summary>Counts a finished segment.</summary>
    public void Add(uint number)
    {
        var compressed = !File.Exists(PathOf(number, compressed: false));
        var file = new SegmentFile(number, PathOf(number, compressed), compressed);
        var bytes = new FileInfo(file.Path).Length;
        lock (_stock)
        {
            var before = _closed.GetValueOrDefault(number);
            _closedBytes += bytes - (before?.Bytes ?? 0);
            _closed[number] = new Closed(file, bytes) { Newest = before?.Newest };
        }
    }

    /// <summary>Makes a segment's file and sets its room aside on the disk.</summary>
    /// <param name="bytesInUse">What the segment in use may still take.</param>
    /// <returns>Null if there is no room, in the log's capacity or on the disk.</returns>
    public LogSegment? Make(uint number, long bytesInUse)
    {
        var room = Math.Min(_options.SegmentBytes, _options.Capacity - ClosedBytes - bytesInUse);
        if (room < Math.Min(_options.SegmentBytes, 4 * LogSegment.MarginOf(_options.SegmentBytes)))
        {
            return null;
        }

        var path = PathOf(number, compressed: false);
        try
        {
            File.Delete(path);
            var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.None, room);
            LogDirectory.Sync(_options.Directory);
            return new LogSegment(number, path, file, room);
        }
        catch (IOException e)
        {
            File.Delete(path);
            _options.Notice($"audit: no room for the next segment of the log: {e.Message}");
            return null;
        }
    }

    /// <summary>Compresses the oldest finished segment that is not compressed yet: to a temporary file, fsynced, renamed; then the plain one goes.</summary>
    /// <returns>False if there was none.</returns>
    public bool CompressOne()
    {
        if (Stock().FirstOrDefault(c => !c.File.Compressed) is not { } next)
        {
            return false;
        }

        var (target, temporary) = (PathOf(next.File.Number, compressed: true), PathOf(next.File.Number, compressed: true) + ".tmp");
        using (var from = new FileStream(next.File.Path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete }))
        using (var to = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write }))
        {
            using (var gzip = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true))
            {
                from.CopyTo(gzip);
            }

            to.Flush(flushToDisk: true);
        }

        File.Move(temporary, target, overwrite: true);
        LogDirectory.Sync(_options.Directory);
        File.Delete(next.File.Path);
        Add(next.File.Number);
        return true;
    }

    /// <summary>The last of the finished segments whose newest event is older than a time, and where the chain stands behind it; null if there is none.</summary>
    public CutRecord? Expired(DateTimeOffset before, DateTimeOffset now)
    {
        Closed? last = null;
        foreach (var closed in Stock())
        {
            if ((closed.Newest ??= NewestTime(closed.File)) >= before)
            {
                break;
            }

            last = closed;
        }

        return last is null || OpeningAfter(last.File.Number) is not { } next
            ? null
            : new CutRecord(last.File.Number, next.FirstSequence - 1, next.Before, now, "older than the log is kept");
    }

    /// <summary>Removes finished segments up to a number.</summary>
    public void Remove(uint through)
    {
        foreach (var closed in Stock().Where(c => c.File.Number <= through))
        {
            File.Delete(PathOf(closed.File.Number, compressed: false));
            File.Delete(PathOf(closed.File.Number, compressed: true));
            lock (_stock)
            {
                _closedBytes -= closed.Bytes;
                _closed.Remove(closed.File.Number);
            }
        }

        LogDirectory.Sync(_options.Directory);
    }

    public void Dispose() => _lock.Dispose();

    private Closed[] Stock()
    {
        lock (_stock)
        {
            return [.. _closed.Values];
        }
    }

    private string PathOf(uint number, bool compressed) => Path.Combine(_options.Directory, LogFiles.NameOf(number, compressed));

    private OpeningRecord? OpeningAfter(uint number)
    {
        foreach (var compressed in (ReadOnlySpan<bool>)[false, true])
        {
            if (File.Exists(PathOf(number + 1, compressed)))
            {
                using var reader = SegmentReader.Open(PathOf(number + 1, compressed));
                return reader.Next() == SegmentStep.Record ? RecordReader.Read(reader.Record) as OpeningRecord : null;
            }
        }

        return null;
    }

    private static DateTimeOffset NewestTime(SegmentFile file)
    {
        using var reader = SegmentReader.Open(file.Path);
        var newest = DateTimeOffset.MinValue;
        while (reader.Next() == SegmentStep.Record)
        {
            newest = RecordReader.KindOf(reader.Record) switch
            {
                RecordKind.Event => ((EventRecord)RecordReader.Read(reader.Record)).Time,
                RecordKind.Closing => ((ClosingRecord)RecordReader.Read(reader.Record)).Time,
                _ => newest,
            };
        }

        return newest;
    }
}
