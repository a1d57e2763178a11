using System.Buffers.Binary;
using System.Text;

namespace Strongroom.Audit.Records;

/// <summary>Decodes records. Lengths are checked against the record before anything is read or allocated; a field too many or too few is an error.</summary>
public static class RecordReader
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The kind of a whole record.</summary>
    public static RecordKind KindOf(ReadOnlySpan<byte> record) => (RecordKind)record[RecordLayout.LengthSize];

    /// <summary>The tag of a whole record.</summary>
    public static ReadOnlySpan<byte> TagOf(ReadOnlySpan<byte> record) => record[^RecordLayout.TagSize..];

    /// <param name="record">A whole record, length and tag included, as <see cref="SegmentReader"/> gives it.</param>
    /// <exception cref="AuditFormatException">It does not follow the format.</exception>
    public static AuditRecord Read(ReadOnlySpan<byte> record)
    {
        if (record.Length is < RecordLayout.Smallest or > RecordLayout.Largest)
        {
            throw new AuditFormatException("a record of an impossible length");
        }

        var at = new Cursor(record[RecordLayout.PrefixSize..^RecordLayout.TagSize]);
        AuditRecord read = KindOf(record) switch
        {
            RecordKind.Opening => Opening(ref at),
            RecordKind.Subject => new SubjectRecord(at.U32(), at.U8(), at.Digest(), at.Text(), at.Text()),
            RecordKind.Event => Event(ref at),
            RecordKind.Mark => new MarkRecord(at.U64(), at.Time(), at.Digest()),
            RecordKind.Head => new HeadRecord(at.U64(), at.Time(), at.Digest(), at.Signature()),
            RecordKind.Cut => new CutRecord(at.U32(), at.U64(), at.Digest(), at.Time(), at.Text()),
            RecordKind.Recovery => new RecoveryRecord(at.U64(), at.U64(), at.Digest(), at.U32(), at.Bool(), at.Time()),
            RecordKind.Closing => new ClosingRecord(at.Bool(), at.Time()),
            _ => throw new AuditFormatException("a record of an unknown kind"),
        };
        return at.Left == 0 ? read : throw new AuditFormatException("a record with bytes too many");
    }

    private static OpeningRecord Opening(ref Cursor at)
    {
        var version = at.U32();
        return version == RecordLayout.Version
            ? new OpeningRecord(version, at.U32(), at.U32(), at.U64(), at.Time(), at.Digest(), at.Digest(), new Guid(at.Bytes(16)), at.Text(), at.Text())
            : throw new AuditFormatException("a segment of another version of the format");
    }

    private static EventRecord Event(ref Cursor at)
    {
        var (sequence, time, operation, subject, result, session) = (at.U64(), at.Time(), (AuditOperation)at.U16(), at.U32(), at.U32(), at.U64());
        var flags = (EventFlags)at.U8();
        if ((flags & ~EventFlags.All) != 0)
        {
            throw new AuditFormatException("an event with unknown fields");
        }

        return new EventRecord(
            sequence, time, operation, subject, result, session,
            (flags & EventFlags.Mechanism) != 0 ? at.U32() : null,
            (flags & EventFlags.Key) != 0 ? at.U64() : null,
            (flags & EventFlags.SecondKey) != 0 ? at.U64() : null,
            (flags & EventFlags.Digest) != 0 ? at.Digest() : null,
            (flags & EventFlags.Target) != 0 ? new TargetUser(at.U8(), at.Text()) : null,
            (flags & EventFlags.Detail) != 0 ? at.Text() : "");
    }

    private ref struct Cursor(ReadOnlySpan<byte> from)
    {
        private ReadOnlySpan<byte> _from = from;

        public readonly int Left => _from.Length;

        public ReadOnlySpan<byte> Bytes(int count)
        {
            if (count > _from.Length)
            {
                throw new AuditFormatException("a record that ends inside a field");
            }

            var bytes = _from[..count];
            _from = _from[count..];
            return bytes;
        }

        public byte U8() => Bytes(1)[0];

        public bool Bool() => U8() switch { 0 => false, 1 => true, _ => throw new AuditFormatException("a truth value that is neither 0 nor 1") };

        public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

        public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

        public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

        public DateTimeOffset Time() => AuditTime.FromMicroseconds((long)U64());

        public AuditDigest Digest() => AuditDigest.From(Bytes(AuditDigest.Size));

        public byte[] Signature()
        {
            var length = U16();
            return length <= RecordLayout.LongestSignature ? Bytes(length).ToArray() : throw new AuditFormatException("a signature that is too long");
        }

        public string Text()
        {
            var length = U8();
            try
            {
                return length <= RecordLayout.LongestText ? Utf8.GetString(Bytes(length)) : throw new AuditFormatException("a text that is too long");
            }
            catch (DecoderFallbackException)
            {
                throw new AuditFormatException("a text that is not UTF-8");
            }
        }
    }
}
