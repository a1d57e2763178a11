using Strongroom.Audit;
using Strongroom.Audit.Records;

namespace Strongroom.Hsm.Audit;

// What a start of the HSM finds of its log: the last segment is read and its chain followed as far as it holds.
internal sealed record LogRecovery(uint Segment, uint Reboot, ulong FirstSequence, ulong Sequence, AuditDigest Chain, bool StoppedCleanly, uint TornBytes, Guid HostBoot, bool HoldsKnown)
{
    /// <summary>Nothing is there.</summary>
    public static LogRecovery Nothing { get; } = new(0, 0, 1, 0, RecordLayout.Origin, true, 0, Guid.Empty, false);

    /// <param name="directory">The log's.</param>
    /// <param name="known">The head that the store knows: is it on this log?</param>
    public static LogRecovery Read(string directory, AuditHead? known)
    {
        var files = LogFiles.Segments(directory);
        foreach (var empty in files.Reverse().TakeWhile(f => new FileInfo(f.Path).Length == 0))
        {
            File.Delete(empty.Path);   // the room that was set aside for the next segment
        }

        files = LogFiles.Segments(directory);
        if (files.Count == 0)
        {
            return Nothing;
        }

        // The newest head known outside may lie some segments before the last one, if there was much to do.
        var last = ReadSegment(files[^1], known);
        var holds = last.HoldsKnown;
        for (var i = files.Count - 2; i >= 0 && !holds && known?.Sequence <= last.Sequence; i--)
        {
            var before = ReadSegment(files[i], known);
            holds = before.HoldsKnown;
            if (before.FirstSequence <= known.Sequence)
            {
                break;
            }
        }

        return last with { HoldsKnown = holds };
    }

    private static LogRecovery ReadSegment(SegmentFile file, AuditHead? known)
    {
        using var reader = SegmentReader.Open(file.Path);
        if (reader.Next() != SegmentStep.Record || TryRead(reader.Record) is not OpeningRecord opening)
        {
            throw new AuditFailedException($"{file.Path} does not begin as a segment of the audit log; move it away to start a new log (what the cluster's store knows of the old one will show)");
        }

        var chain = new LogChain(opening.Before);
        var (sequence, stopped, holds) = (opening.FirstSequence - 1, false, known?.Chain == chain.Value);
        var step = SegmentStep.Record;
        while (step == SegmentStep.Record && chain.TryFollow(reader.Record))
        {
            holds |= known?.Chain == chain.Value;
            switch (TryRead(reader.Record))
            {
                case EventRecord e:
                    sequence = e.Sequence;
                    break;
                case ClosingRecord closing:
                    stopped = closing.Stopped;
                    break;
            }

            step = reader.Next();
        }

        var torn = step == SegmentStep.End || file.Compressed ? 0 : new FileInfo(file.Path).Length - reader.Offset;
        return new LogRecovery(opening.Segment, opening.Reboot, opening.FirstSequence, sequence, chain.Value, stopped, (uint)Math.Min(torn, uint.MaxValue), opening.HostBoot, holds);
    }

    private static AuditRecord? TryRead(ReadOnlySpan<byte> record)
    {
        try
        {
            return RecordReader.Read(record);
        }
        catch (AuditFormatException)
        {
            return null;
        }
    }
}
