using System.Buffers.Binary;
using Strongroom.Audit.Records;

namespace Strongroom.Audit.Following;

/// <summary>Cuts the bytes of a growing segment into records, however they arrive. Holds no more than what has not made a record yet.</summary>
internal sealed class SegmentTail
{
    private byte[] _bytes = [];
    private int _start;
    private bool _magicRead;

    private ReadOnlySpan<byte> Rest => _bytes.AsSpan(_start);

    public void Add(ReadOnlySpan<byte> part)
    {
        _bytes = [.. Rest, .. part];
        _start = 0;
    }

    /// <summary>The next whole record; empty if more bytes are needed.</summary>
    /// <exception cref="AuditFormatException">These bytes are no segment.</exception>
    public ReadOnlySpan<byte> Next()
    {
        if (!_magicRead)
        {
            if (Rest.Length < RecordLayout.Magic.Length)
            {
                return default;
            }

            if (!Rest.StartsWith(RecordLayout.Magic))
            {
                throw new AuditFormatException("a segment that does not begin as one");
            }

            (_start, _magicRead) = (_start + RecordLayout.Magic.Length, true);
        }

        if (Rest.Length < RecordLayout.LengthSize)
        {
            return default;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(Rest);
        if (length == 0)
        {
            return default;   // room that was set aside
        }

        if (length is < RecordLayout.Smallest or > RecordLayout.Largest)
        {
            throw new AuditFormatException("a record of an impossible length");
        }

        if (Rest.Length < length)
        {
            return default;
        }

        _start += length;
        return _bytes.AsSpan(_start - length, length);
    }
}
