using System.Buffers.Binary;
using Strongroom.Audit;
using Strongroom.Audit.Records;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Audit;

// The hash chain (docs/audit.md): each value is SHA-256 of the value before and the record without its tag; the tag is its first half. For one thread at a time.
internal sealed class LogChain(AuditDigest start)
{
    private readonly byte[] _input = new byte[AuditDigest.Size + RecordLayout.Largest];
    private AuditDigest _value = start;

    public AuditDigest Value => _value;

    /// <summary>The last mark that went by.</summary>
    public MarkRecord? Mark { get; private set; }

    /// <summary>Fills in the tags of whole records that stand one behind the other.</summary>
    public void Extend(Span<byte> records)
    {
        while (records.Length > 0)
        {
            var record = records[..BinaryPrimitives.ReadUInt16LittleEndian(records)];
            var isMark = RecordReader.KindOf(record) == RecordKind.Mark;
            if (isMark)
            {
                RecordWriter.PatchMark(record, _value);
            }

            Step(record);
            if (isMark)
            {
                Mark = (MarkRecord)RecordReader.Read(record);
            }

            records = records[record.Length..];
        }
    }

    /// <summary>Goes on from a record only if its tag is right.</summary>
    public bool TryFollow(ReadOnlySpan<byte> record)
    {
        Span<byte> copy = stackalloc byte[RecordLayout.Largest];
        record.CopyTo(copy);
        copy = copy[..record.Length];
        var before = _value;
        Step(copy);
        if (RecordReader.TagOf(copy).SequenceEqual(RecordReader.TagOf(record)))
        {
            return true;
        }

        _value = before;
        return false;
    }

    private void Step(Span<byte> record)
    {
        ((ReadOnlySpan<byte>)_value).CopyTo(_input);
        record[..^RecordLayout.TagSize].CopyTo(_input.AsSpan(AuditDigest.Size));
        Digest.Compute(DigestAlgorithm.Sha256, _input.AsSpan(0, AuditDigest.Size + record.Length - RecordLayout.TagSize), _value);
        ((ReadOnlySpan<byte>)_value)[..RecordLayout.TagSize].CopyTo(record[^RecordLayout.TagSize..]);
    }
}
