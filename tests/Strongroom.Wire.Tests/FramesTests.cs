using System.Buffers;

namespace Strongroom.Wire;

public sealed class FramesTests
{
    [Fact]
    public void A_frame_is_taken_once_it_is_complete_and_not_before()
    {
        byte[] bytes = [0, 0, 0, 5, 0x84, 1, 2, 3, 4, 0, 0];
        for (var length = 0; length < 9; length++)
        {
            var part = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.False(Frames.TryTake(ref part, out _));
            Assert.Equal(length, part.Length);
        }

        var whole = new ReadOnlySequence<byte>(bytes);
        Assert.True(Frames.TryTake(ref whole, out var frame));
        Assert.Equal([0x84, 1, 2, 3, 4], frame.ToArray());
        Assert.Equal(2, whole.Length);
    }

    [Fact]
    public void A_frame_in_pieces_of_any_size_is_taken()
    {
        byte[] bytes = [0, 0, 0, 5, 0x84, 1, 2, 3, 4];
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var received = Pieces(bytes[..cut], bytes[cut..]);
            Assert.True(Frames.TryTake(ref received, out var frame));
            Assert.Equal(bytes[4..], frame.ToArray());
            Assert.True(received.IsEmpty);
        }
    }

    [Theory]
    [InlineData(0xFFFFFFFF)]
    [InlineData(0x80000000)]
    [InlineData(ProtocolLimits.Frame + 1)]
    public void A_length_beyond_the_limit_is_refused_by_its_first_four_bytes(uint length)
    {
        byte[] bytes = [(byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];
        var received = new ReadOnlySequence<byte>(bytes);
        var refused = Assert.Throws<WireFormatException>(() => Frames.TryTake(ref received, out _));
        Assert.Contains(length.ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_length_too_short_for_any_request_is_refused(byte length)
    {
        byte[] bytes = [0, 0, 0, length];
        var received = new ReadOnlySequence<byte>(bytes);
        Assert.Throws<WireFormatException>(() => Frames.TryTake(ref received, out _));
    }

    [Fact]
    public void The_longest_frame_is_taken()
    {
        var bytes = new byte[4 + ProtocolLimits.Frame];
        (bytes[1], bytes[2], bytes[3]) = (ProtocolLimits.Frame >> 16, (ProtocolLimits.Frame >> 8) & 0xFF, ProtocolLimits.Frame & 0xFF);
        var received = new ReadOnlySequence<byte>(bytes);
        Assert.True(Frames.TryTake(ref received, out var frame));
        Assert.Equal(ProtocolLimits.Frame, frame.Length);
    }

    private static ReadOnlySequence<byte> Pieces(byte[] first, byte[] second)
    {
        var head = new Piece(first, 0);
        var tail = head.Before(second);
        return new ReadOnlySequence<byte>(head, 0, tail, second.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Piece Before(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
