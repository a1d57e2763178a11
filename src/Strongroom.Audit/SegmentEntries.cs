using Strongroom.Audit.Records;

namespace Strongroom.Audit;

/// <summary>Turns a segment's records into entries, without judging its chain (that is <see cref="Verification.LogVerifier"/>'s).</summary>
public sealed class SegmentEntries
{
    private const int MostSubjects = 1 << 20;
    private readonly Dictionary<uint, SubjectRecord> _subjects = [];

    /// <summary>The segment's first record, once seen.</summary>
    public OpeningRecord? Opening { get; private set; }

    /// <summary>Takes the next record of the segment.</summary>
    /// <returns>An entry if it is an event; else null.</returns>
    /// <exception cref="AuditFormatException">A record that is unreadable or out of place.</exception>
    public AuditEntry? Take(AuditRecord record)
    {
        switch (record)
        {
            case OpeningRecord opening when Opening is null:
                Opening = opening;
                return null;
            case SubjectRecord subject when _subjects.Count < MostSubjects:
                _subjects[subject.Number] = subject;
                return null;
            case EventRecord e:
                var log = Opening ?? throw new AuditFormatException("a segment that does not begin with its opening");
                return new AuditEntry(e, _subjects.GetValueOrDefault(e.Subject) ?? throw new AuditFormatException("an event whose subject was not defined"), log);
            case OpeningRecord or SubjectRecord:
                throw new AuditFormatException("a second opening, or more subjects than a segment can have");
            default:
                return null;
        }
    }

    /// <summary>All entries of a directory of segments, in order; stops where a segment can't be read further.</summary>
    public static IEnumerable<AuditEntry> Of(string directory)
    {
        foreach (var file in LogFiles.Segments(directory))
        {
            using var reader = LogFiles.Open(file);
            var segment = new SegmentEntries();
            while (reader.Next() == SegmentStep.Record)
            {
                if (segment.Take(RecordReader.Read(reader.Record)) is { } entry)
                {
                    yield return entry;
                }
            }
        }
    }
}
