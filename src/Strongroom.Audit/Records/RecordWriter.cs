using System.Buffers.Binary;
using System.Text;

namespace Strongroom.Audit.Records;

/// <summary>Encodes records. Each method writes a whole record with room for its tag, which the chain fills in, and returns its length.</summary>
public static class RecordWriter
{
    /// <param name="to">At least <see cref="RecordLayout.Largest"/> bytes.</param>
    public static int Opening(Span<byte> to, OpeningRecord record)
    {
        var at = new Cursor(to, RecordKind.Opening);
        at.U32(record.Version);
        at.U32(record.Segment);
        at.U32(record.Reboot);
        at.U64(record.FirstSequence);
        at.I64(AuditTime.ToMicroseconds(record.Time));
        at.Digest(record.Before);
        at.Digest(record.SignerSha256);
        at.Bytes(record.HostBoot.ToByteArray());
        at.Text(record.Cluster);
        at.Text(record.Hsm);
        return at.End();
    }

    public static int Subject(Span<byte> to, uint number, int role, ReadOnlySpan<byte> instance, string user, string address)
    {
        var at = new Cursor(to, RecordKind.Subject);
        at.U32(number);
        at.U8((byte)role);
        at.Bytes(instance);
        at.Text(user);
        at.Text(address);
        return at.End();
    }

    // Fields that are absent cost a bit of the flags byte.
    public static int Event(Span<byte> to, in EventFields fields)
    {
        var at = new Cursor(to, RecordKind.Event);
        at.U64(fields.Sequence);
        at.I64(fields.Time);
        at.U16((ushort)fields.Operation);
        at.U32(fields.Subject);
        at.U32(fields.Result);
        at.U64(fields.Session);
        var flags = (fields.HasMechanism ? EventFlags.Mechanism : 0) | (fields.Key != 0 ? EventFlags.Key : 0) | (fields.SecondKey != 0 ? EventFlags.SecondKey : 0)
            | (fields.Digest.Length == AuditDigest.Size ? EventFlags.Digest : 0) | (fields.TargetUser is not null ? EventFlags.Target : 0) | (!string.IsNullOrEmpty(fields.Detail) ? EventFlags.Detail : 0);
        at.U8((byte)flags);
        if ((flags & EventFlags.Mechanism) != 0)
        {
            at.U32((uint)Math.Min(fields.Mechanism, uint.MaxValue));
        }

        if ((flags & EventFlags.Key) != 0)
        {
            at.U64(fields.Key);
        }

        if ((flags & EventFlags.SecondKey) != 0)
        {
            at.U64(fields.SecondKey);
        }

        if ((flags & EventFlags.Digest) != 0)
        {
            at.Bytes(fields.Digest);
        }

        if ((flags & EventFlags.Target) != 0)
        {
            at.U8((byte)fields.TargetRole);
            at.Text(fields.TargetUser!);
        }

        if ((flags & EventFlags.Detail) != 0)
        {
            at.Text(fields.Detail!);
        }

        return at.End();
    }

    /// <summary>The chain value is not known yet when a mark is appended: <see cref="PatchMark"/> writes it in.</summary>
    public static int Mark(Span<byte> to, ulong sequence, DateTimeOffset time)
    {
        var at = new Cursor(to, RecordKind.Mark);
        at.U64(sequence);
        at.I64(AuditTime.ToMicroseconds(time));
        at.Digest(default);
        return at.End();
    }

    /// <summary>Writes the chain value before a mark into it.</summary>
    public static void PatchMark(Span<byte> mark, in AuditDigest chain) => ((ReadOnlySpan<byte>)chain).CopyTo(mark[(RecordLayout.PrefixSize + 16)..]);

    public static int Head(Span<byte> to, HeadRecord record)
    {
        var at = new Cursor(to, RecordKind.Head);
        at.U64(record.Sequence);
        at.I64(AuditTime.ToMicroseconds(record.Time));
        at.Digest(record.Chain);
        at.U16((ushort)record.Signature.Length);
        at.Bytes(record.Signature.Span);
        return at.End();
    }

    public static int Cut(Span<byte> to, CutRecord record)
    {
        var at = new Cursor(to, RecordKind.Cut);
        at.U32(record.Segment);
        at.U64(record.Through);
        at.Digest(record.Chain);
        at.I64(AuditTime.ToMicroseconds(record.Time));
        at.Text(record.Reason);
        return at.End();
    }

    public static int Recovery(Span<byte> to, RecoveryRecord record)
    {
        var at = new Cursor(to, RecordKind.Recovery);
        at.U64(record.Recovered);
        at.U64(record.Known);
        at.Digest(record.KnownChain);
        at.U32(record.TornBytes);
        at.U8(record.HostRestarted ? (byte)1 : (byte)0);
        at.I64(AuditTime.ToMicroseconds(record.Time));
        return at.End();
    }

    public static int Closing(Span<byte> to, ClosingRecord record)
    {
        var at = new Cursor(to, RecordKind.Closing);
        at.U8(record.Stopped ? (byte)1 : (byte)0);
        at.I64(AuditTime.ToMicroseconds(record.Time));
        return at.End();
    }

    private ref struct Cursor
    {
        private readonly Span<byte> _to;
        private int _at;

        public Cursor(Span<byte> to, RecordKind kind)
        {
            _to = to;
            _to[RecordLayout.LengthSize] = (byte)kind;
            _at = RecordLayout.PrefixSize;
        }

        public void U8(byte value) => _to[_at++] = value;

        public void U16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_to[_at..], value);
            _at += 2;
        }

        public void U32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_to[_at..], value);
            _at += 4;
        }

        public void U64(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_to[_at..], value);
            _at += 8;
        }

        public void I64(long value) => U64((ulong)value);

        public void Bytes(scoped ReadOnlySpan<byte> value)
        {
            value.CopyTo(_to[_at..]);
            _at += value.Length;
        }

        public void Digest(AuditDigest value) => Bytes(value);

        // A text that is too long is cut: a record must never fail to be written. No character takes more than three bytes a UTF-16 unit.
        public void Text(string text)
        {
            var room = _to.Slice(_at + 1, RecordLayout.LongestText);
            if (!Encoding.UTF8.TryGetBytes(text, room, out var length))
            {
                length = Encoding.UTF8.GetBytes(text.AsSpan(0, RecordLayout.LongestText / 3), room);
            }

            U8((byte)length);
            _at += length;
        }

        public int End()
        {
            var length = _at + RecordLayout.TagSize;
            BinaryPrimitives.WriteUInt16LittleEndian(_to, (ushort)length);
            return length;
        }
    }
}
