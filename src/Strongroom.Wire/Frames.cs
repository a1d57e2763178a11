using System.Buffers;
using System.Buffers.Binary;

namespace Strongroom.Wire;

/// <summary>Cuts a byte stream into frames: four bytes of big-endian length, then that many bytes of CBOR.</summary>
public static class Frames
{
    /// <summary>Bytes of the length in front of a frame.</summary>
    public const int PrefixSize = 4;

    // [id, function, epoch, sequence] in one byte each, after the array header: nothing shorter is a frame.
    private const int SmallestFrame = 5;

    /// <summary>Takes one frame off the front of what has been received.</summary>
    /// <param name="received">all unread bytes; moved behind the frame when there is one</param>
    /// <param name="frame">the frame without its length, a slice of <paramref name="received"/></param>
    /// <param name="limit">the longest frame taken, in bytes; checked before anything waits for it</param>
    /// <returns>false if the frame is not complete yet</returns>
    /// <exception cref="WireFormatException">the announced length is out of bounds</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> received, out ReadOnlySequence<byte> frame, int limit = ProtocolLimits.Frame)
    {
        frame = default;
        if (received.Length < PrefixSize)
        {
            return false;
        }

        var length = ReadLength(received);
        if (length > limit)
        {
            throw new WireFormatException($"a frame of {length} bytes is announced, at most {limit} are taken");
        }

        if (length < SmallestFrame)
        {
            throw new WireFormatException($"a frame of {length} bytes is announced, the shortest has {SmallestFrame}");
        }

        if (received.Length < PrefixSize + length)
        {
            return false;
        }

        frame = received.Slice(PrefixSize, length);
        received = received.Slice(frame.End);
        return true;
    }

    /// <summary>The length that the frame at the front announces, in bytes; null if that itself is not there yet.</summary>
    public static int? Announced(in ReadOnlySequence<byte> received) => received.Length < PrefixSize ? null : (int)Math.Min(ReadLength(received), int.MaxValue);

    private static uint ReadLength(in ReadOnlySequence<byte> received)
    {
        if (received.FirstSpan.Length >= PrefixSize)
        {
            return BinaryPrimitives.ReadUInt32BigEndian(received.FirstSpan);
        }

        Span<byte> prefix = stackalloc byte[PrefixSize];
        received.Slice(0, PrefixSize).CopyTo(prefix);
        return BinaryPrimitives.ReadUInt32BigEndian(prefix);
    }
}
