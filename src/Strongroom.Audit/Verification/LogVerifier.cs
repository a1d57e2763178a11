using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strongroom.Audit.Records;

namespace Strongroom.Audit.Verification;

/// <summary>
/// Checks a log or an export of it, offline, with the HSM's certificates alone. It hashes with .NET's SHA-256 and not with the HSM's own code, so that the two check each other.
/// What it can name: a record that was changed without rewriting the chain is named exactly; if the chain after it was recomputed, the next signed head shows it, and the fault lies between two heads (a second of work).
/// A tail that was cut off is seen only against a head from elsewhere: the anchor.
/// </summary>
public sealed class LogVerifier
{
    /// <summary>Further findings are not collected: the first is what counts.</summary>
    public const int MostFindings = 20;

    private readonly IReadOnlyList<X509Certificate2> _certificates;
    private readonly IReadOnlyList<AuditHead> _anchors;
    private readonly HashSet<AuditHead> _anchorsMet = [];
    private readonly List<Finding> _findings = [];
    private readonly List<string> _notes = [];

    // ---- where in the log we are ----
    private AuditDigest _chain;
    private bool _chainKnown = true;
    private ulong _expected = 1;
    private OpeningRecord? _log;
    private uint _segment;
    private long _offset;
    private bool _closed = true;

    // ---- what is still to be explained by what follows ----
    private MarkRecord? _mark;          // a mark on a sound chain, waiting for its head
    private CutRecord? _missing;        // what a cut record must account for, if the log does not begin with segment 1
    private bool _cutMet;
    private Break? _break;              // where the last segment stopped making sense
    private ulong? _gapFrom;            // numbers left out or a segment without an end: a recovery record must say why

    private readonly List<(ulong From, ulong To)> _lost = [];
    private AuditHead? _good;

    private LogVerifier(IReadOnlyList<X509Certificate2> certificates, IReadOnlyList<AuditHead> anchors)
    {
        _certificates = certificates;
        _anchors = anchors;
    }

    // The state just before the first record that did not fit, and how many findings there were then.
    private sealed record Break(AuditDigest Chain, ulong Expected, long Offset, int Findings, long SegmentEnd);

    /// <summary>Verifies the segments of one HSM's log.</summary>
    /// <param name="directory">Holds the segments.</param>
    /// <param name="certificates">The HSM's identity certificates; a head is good if one of them signed it.</param>
    /// <param name="anchors">Heads known from elsewhere. Each must itself be signed.</param>
    public static VerificationReport Verify(string directory, IReadOnlyList<X509Certificate2> certificates, params IReadOnlyList<AuditHead> anchors)
    {
        var verifier = new LogVerifier(certificates, anchors);
        var files = LogFiles.Segments(directory);
        for (var i = 0; i < files.Count; i++)
        {
            // The next segment's file is made before it is needed.
            if (i < files.Count - 1 || i == 0 || new FileInfo(files[i].Path).Length > 0)
            {
                verifier.Segment(files[i]);
            }
        }

        return verifier.Finish();
    }

    // ---- segments ----

    private void Segment(SegmentFile file)
    {
        _segment = file.Number;
        _offset = 0;
        using var reader = SegmentReader.Open(file.Path);
        var step = reader.Next();
        if (step != SegmentStep.Record)
        {
            Fault("this segment is empty or is no audit log");
            return;
        }

        for (var first = true; step == SegmentStep.Record; first = false)
        {
            _offset = reader.Offset;
            var record = reader.Record.ToArray();
            step = reader.Next();
            Record(record, step == SegmentStep.Record ? reader.Record : default, first);
        }

        _offset = reader.Offset;
        if (step == SegmentStep.Broken)
        {
            MarkBreak();
            Fault(_closed ? "there are bytes behind the end of a finished segment" : Invariant($"the bytes after event {_expected - 1} are no record"));
            _chainKnown = false;
        }

        _break = _break is null ? null : _break with { SegmentEnd = file.Compressed ? reader.Offset : new FileInfo(file.Path).Length };
    }

    private void Opening(OpeningRecord? opening)
    {
        if (opening is null || opening.Segment != _segment)
        {
            Fault(opening is null ? "a segment does not begin with its opening record" : "a segment stands under another's number");
            _chainKnown = false;
            return;
        }

        if (_log is null)
        {
            Begin(opening);
        }
        else
        {
            GoOn(_log, opening);
        }

        _log = opening;
        _closed = false;
        _mark = null;
        _chain = opening.Before;
        _chainKnown = true;
    }

    private void Begin(OpeningRecord opening)
    {
        if (_certificates.All(c => AuditDigest.From(SHA256.HashData(c.PublicKey.ExportSubjectPublicKeyInfo())) != opening.SignerSha256))
        {
            Fault("the log names another signing key than the HSM's certificates have");
        }

        if (opening.Segment > 1)
        {
            _missing = new CutRecord(opening.Segment - 1, opening.FirstSequence - 1, opening.Before, default, "");
            _expected = opening.FirstSequence;
        }
        else
        {
            if (opening.Before != RecordLayout.Origin)
            {
                Fault("the first segment does not begin a log");
            }

            LeaveOut(opening);
        }
    }

    private void GoOn(OpeningRecord before, OpeningRecord opening)
    {
        if (opening.Cluster != before.Cluster || opening.Hsm != before.Hsm)
        {
            Fault("a segment belongs to another HSM's log");
        }

        if (opening.Segment != before.Segment + 1)
        {
            Fault(Invariant($"segments {before.Segment + 1} to {opening.Segment - 1} (events {_expected} to {opening.FirstSequence - 1}) were removed"));
            _expected = opening.FirstSequence;
        }
        else if (_break is not null && opening.Before == _break.Chain)
        {
            (_chainKnown, _expected) = (true, _break.Expected);   // the HSM itself stopped reading there; its recovery record must say so
        }
        else if (_chainKnown && opening.Before != _chain)
        {
            Fault(opening.FirstSequence > _expected
                ? Invariant($"events {_expected} to {opening.FirstSequence - 1} were removed from the end of segment {before.Segment}")
                : Invariant($"records before event {opening.FirstSequence} were changed in or removed from the end of segment {before.Segment}"));
            _expected = opening.FirstSequence;
            _break = null;
        }
        else
        {
            _break = null;
        }

        if (!_closed)
        {
            _gapFrom = _expected;
        }

        LeaveOut(opening);
    }

    // Numbers may be left out at a start of the HSM, if it says itself that it lost them.
    private void LeaveOut(OpeningRecord opening)
    {
        if (opening.FirstSequence != _expected)
        {
            _gapFrom = _expected;
            _expected = opening.FirstSequence;
        }
    }

    // ---- records ----

    private void Record(byte[] record, ReadOnlySpan<byte> following, bool first)
    {
        var read = Read(record);
        if (first)
        {
            Opening(read as OpeningRecord);
        }
        else if (_gapFrom is not null && read is not RecoveryRecord)
        {
            Unexplained();
        }

        var before = _chain;
        if (_chainKnown && Chains(before, record, out var after))
        {
            _chain = after;
        }
        else if (_chainKnown && Chains(before, following, out _))
        {
            Fault(Invariant($"a record was inserted before event {_expected}{(read is EventRecord e ? Invariant($"; it claims to be event {e.Sequence}") : "")}"));
            return;
        }
        else if (_chainKnown)
        {
            Mismatch(read);
        }

        if (_log is not null)
        {
            Take(read, before, record);
        }

        MeetAnchors();
    }

    private static AuditRecord? Read(byte[] record)
    {
        try
        {
            return RecordReader.Read(record);
        }
        catch (AuditFormatException)
        {
            return null;   // its tag will not fit either, unless the HSM wrote it so
        }
    }

    private void Mismatch(AuditRecord? read)
    {
        MarkBreak();
        Fault(read switch
        {
            EventRecord e when e.Sequence > _expected => Removal(_expected, e.Sequence - 1),
            EventRecord => Invariant($"event {_expected} was changed, or a record before it removed"),
            null => Invariant($"the record after event {_expected - 1} was changed: it is unreadable"),
            _ => Invariant($"the {Name(read)} after event {_expected - 1} was changed, or a record before it removed"),
        });
        _chainKnown = false;
    }

    private void Take(AuditRecord? read, AuditDigest before, byte[] record)
    {
        if (_closed && read is not OpeningRecord)
        {
            Fault("a record stands behind the end of its segment");
        }

        switch (read)
        {
            case EventRecord e:
                Event(e);
                break;
            case MarkRecord mark:
                Mark(mark, before, record);
                break;
            case HeadRecord head:
                Head(head);
                break;
            case CutRecord cut:
                _cutMet |= _missing is not null && (cut.Segment, cut.Through, cut.Chain) == (_missing.Segment, _missing.Through, _missing.Chain);
                _notes.Add(Invariant($"events up to {cut.Through} were removed on purpose at {cut.Time:yyyy-MM-ddTHH:mm:ssZ}: {cut.Reason}"));
                break;
            case RecoveryRecord recovery:
                Recovery(recovery);
                break;
            case ClosingRecord:
                _closed = true;
                break;
            case null when _chainKnown:
                Fault(Invariant($"the record after event {_expected - 1} can't be read by this version"));
                break;
        }
    }

    private void Event(EventRecord e)
    {
        if (e.Sequence > _expected && _chainKnown)
        {
            Fault(Removal(_expected, e.Sequence - 1));
        }
        else if (e.Sequence < _expected && _chainKnown)
        {
            Fault(Invariant($"event {e.Sequence} stands where event {_expected} belongs: a record was inserted"));
        }

        _expected = Math.Max(_expected, e.Sequence) + 1;
    }

    // A mark also says where the chain stands, so that behind a fault it can be followed again. Its head must bear it out.
    private void Mark(MarkRecord mark, AuditDigest before, byte[] record)
    {
        if (!_chainKnown && Chains(mark.Chain, record, out var after))
        {
            (_chain, _chainKnown, _expected) = (after, true, mark.Sequence + 1);
        }
        else if (_chainKnown && (mark.Chain != before || mark.Sequence != _expected - 1))
        {
            Fault(Invariant($"the mark after event {_expected - 1} does not agree with what stands before it"));
        }

        _mark = _chainKnown ? mark : null;
    }

    private void Head(HeadRecord read)
    {
        var head = new AuditHead(_log!.Cluster, _log.Hsm, _log.Reboot, read.Sequence, read.Chain, read.Time, read.Signature);
        if (!_certificates.Any(head.IsSignedBy))
        {
            Fault(Invariant($"the head for event {read.Sequence} was not signed by this HSM"));
        }
        else if (_mark is not null && (_mark.Sequence != read.Sequence || _mark.Chain != read.Chain))
        {
            Fault(Invariant($"events {(_good?.Sequence ?? 0) + 1} to {read.Sequence} are not what the HSM signed for: at least one was changed, removed or inserted, and the chain behind it rewritten"));
        }
        else if (_findings.Count == 0 && _mark is not null)
        {
            _good = head;
        }

        _mark = null;
    }

    private void Recovery(RecoveryRecord r)
    {
        var lost = r.Known > r.Recovered;
        if (_gapFrom is { } from && (r.Recovered != from - 1 || (lost ? r.Known : r.Recovered) != _expected - 1))
        {
            Unexplained();
        }
        else if (_break is not null && _break.SegmentEnd - _break.Offset == r.TornBytes)
        {
            _findings.RemoveRange(_break.Findings, _findings.Count - _break.Findings);
        }

        (_gapFrom, _break) = (null, null);
        if (lost)
        {
            _lost.Add((r.Recovered + 1, r.Known));
            _notes.Add(Invariant($"events {r.Recovered + 1} to {r.Known} are lost: the HSM found so when it started at {r.Time:yyyy-MM-ddTHH:mm:ssZ}, and says so in its log"));
        }

        _notes.Add(Invariant($"the HSM was not stopped cleanly before {r.Time:yyyy-MM-ddTHH:mm:ssZ}; its log was recovered up to event {r.Recovered}")
            + (r.HostRestarted ? "; the host had restarted, so events of the last second before it may be missing" : "")
            + (r.TornBytes > 0 ? Invariant($"; {r.TornBytes} bytes behind it were unreadable") : ""));
    }

    // ---- the end ----

    private VerificationReport Finish()
    {
        if (_log is null)
        {
            Fault("there is no segment of an audit log here");
        }

        if (_gapFrom is not null)
        {
            Unexplained();
        }

        if (_missing is not null && !_cutMet)
        {
            _findings.Insert(0, new Finding(1, 1, 0, Invariant($"events up to {_missing.Through} (segments up to {_missing.Segment}) are missing, and no cut record accounts for them")));
            _good = null;
        }

        foreach (var anchor in _anchors)
        {
            Anchor(anchor);
        }

        return new VerificationReport(_good, _expected - 1, _findings, _notes);
    }

    private void Anchor(AuditHead anchor)
    {
        if (!_certificates.Any(anchor.IsSignedBy))
        {
            Fault("the anchor was not signed by this HSM");
        }
        else if (_log is not null && (anchor.Hsm != _log.Hsm || anchor.Cluster != _log.Cluster))
        {
            Fault(Invariant($"the anchor is of {anchor.Hsm}, this log of {_log.Hsm}"));
        }
        else if (anchor.Sequence >= _expected)
        {
            Fault(Invariant($"the tail is cut off: events {_expected} to {anchor.Sequence} are missing; the HSM signed at {anchor.Time:yyyy-MM-ddTHH:mm:ss.ffffffZ} that they existed"));
        }
        else if (_missing is not null && anchor.Sequence < _missing.Through)
        {
            _notes.Add(Invariant($"the anchor (event {anchor.Sequence}) is older than what was kept"));
        }
        else if (_lost.Any(range => anchor.Sequence >= range.From && anchor.Sequence <= range.To))
        {
            _notes.Add(Invariant($"the anchor (event {anchor.Sequence}) lies among the events that the HSM lost"));
        }
        else if (!_anchorsMet.Contains(anchor))
        {
            Fault(Invariant($"this log is not the one that the anchor was signed for: another history up to event {anchor.Sequence}"));
        }
        else
        {
            _notes.Add(Invariant($"the anchor (event {anchor.Sequence}, signed at {anchor.Time:yyyy-MM-ddTHH:mm:ss.ffffffZ}) lies on this log"));
        }
    }

    private void MeetAnchors()
    {
        for (var i = 0; i < _anchors.Count && _chainKnown; i++)
        {
            if (_anchors[i].Chain == _chain)
            {
                _anchorsMet.Add(_anchors[i]);
            }
        }
    }

    private void Unexplained()
    {
        if (_gapFrom < _expected)
        {
            Fault(Removal(_gapFrom.Value, _expected - 1));
        }
        else
        {
            Fault(Invariant($"the segment before has no end, and the HSM says nothing about it: records after event {_expected - 1} were removed"));
        }

        _gapFrom = null;
    }

    private void MarkBreak() => _break ??= new Break(_chain, _expected, _offset, _findings.Count, 0);

    private void Fault(string text)
    {
        if (_findings.Count < MostFindings)
        {
            _findings.Add(new Finding(_expected, _segment, _offset, text));
        }
    }

    private static string Removal(ulong from, ulong to) => from == to ? Invariant($"event {from} was removed") : Invariant($"events {from} to {to} were removed");

    private static string Name(AuditRecord read) => read.GetType().Name.Replace("Record", " record", StringComparison.Ordinal).ToLowerInvariant();

    private static bool Chains(AuditDigest before, ReadOnlySpan<byte> record, out AuditDigest after)
    {
        after = default;
        if (record.Length < RecordLayout.Smallest)
        {
            return false;
        }

        Span<byte> input = stackalloc byte[AuditDigest.Size + RecordLayout.Largest];
        ((ReadOnlySpan<byte>)before).CopyTo(input);
        record[..^RecordLayout.TagSize].CopyTo(input[AuditDigest.Size..]);
        SHA256.HashData(input[..(AuditDigest.Size + record.Length - RecordLayout.TagSize)], after);
        return ((ReadOnlySpan<byte>)after)[..RecordLayout.TagSize].SequenceEqual(RecordReader.TagOf(record));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
