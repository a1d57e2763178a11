using System.Buffers.Binary;
using System.IO.Compression;

namespace Strongroom.Audit.Records;

/// <summary>How a segment's bytes go on.</summary>
public enum SegmentStep
{
    /// <summary>A whole record.</summary>
    Record,

    /// <summary>The end: nothing more, or only the zeros of room set aside.</summary>
    End,

    /// <summary>Bytes that are no record: the rest of a write that was not finished, or damage.</summary>
    Broken,
}

/// <summary>Walks over a segment's records without decoding them. Holds one buffer of 64 KiB, however long the segment is.</summary>
public sealed class SegmentReader : IDisposable
{
    private const int BufferSize = 1 << 16;
    private static readonly byte[] GzipMagic = [0x1F, 0x8B];   // RFC 1952

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private int _record;
    private bool _magicRead;

    /// <param name="stream">Taken over. Plain, or gzip (RFC 1952) as finished segments are.</param>
    public SegmentReader(Stream stream)
    {
        _stream = stream;
    }

    /// <summary>Opens a segment's file, compressed or not, while the HSM may be writing it.</summary>
    public static SegmentReader Open(string path)
    {
        var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        try
        {
            return Of(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a segment from a file's start, compressed or not.</summary>
    /// <param name="file">Taken over.</param>
    public static SegmentReader Of(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var compressed = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic.SequenceEqual(GzipMagic);
        file.Position = 0;
        return new SegmentReader(compressed ? new GZipStream(file, CompressionMode.Decompress) : file);
    }

    /// <summary>Where the current record begins, in bytes from the (uncompressed) segment's start; after the last one, where the next would.</summary>
    public long Offset { get; private set; }

    /// <summary>The current record, length and tag included; until the next step.</summary>
    public ReadOnlySpan<byte> Record => _buffer.AsSpan(_start, _record);

    /// <summary>Goes to the next record.</summary>
    public SegmentStep Next()
    {
        if (!_magicRead)
        {
            if (!Fill(RecordLayout.Magic.Length))
            {
                return _end == 0 || IsZero() ? SegmentStep.End : SegmentStep.Broken;
            }

            if (!_buffer.AsSpan(0, RecordLayout.Magic.Length).SequenceEqual(RecordLayout.Magic))
            {
                return IsZero() ? SegmentStep.End : SegmentStep.Broken;
            }

            _magicRead = true;
            Skip(RecordLayout.Magic.Length);
        }

        Skip(_record);
        _record = 0;
        if (!Fill(RecordLayout.LengthSize))
        {
            return _start == _end || IsZero() ? SegmentStep.End : SegmentStep.Broken;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_start));
        if (length == 0)
        {
            return IsZero() ? SegmentStep.End : SegmentStep.Broken;
        }

        if (length is < RecordLayout.Smallest or > RecordLayout.Largest || !Fill(length))
        {
            return SegmentStep.Broken;
        }

        _record = length;
        return SegmentStep.Record;
    }

    public void Dispose() => _stream.Dispose();

    private void Skip(int count)
    {
        _start += count;
        Offset += count;
    }

    // Makes at least `count` bytes available; false at the stream's end.
    private bool Fill(int count)
    {
        if (_end - _start >= count)
        {
            return true;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        try
        {
            _end += _stream.ReadAtLeast(_buffer.AsSpan(_end), count - _end, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            return false;   // damaged compression: the records before it have been read
        }

        return _end >= count;
    }

    // Whether everything from here to the end is zero.
    private bool IsZero()
    {
        do
        {
            if (_buffer.AsSpan(_start, _end - _start).IndexOfAnyExcept((byte)0) >= 0)
            {
                return false;
            }

            _start = _end;
        }
        while (Fill(1));
        return true;
    }
}
