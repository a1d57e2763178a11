using System.Buffers;
using System.Reflection;

namespace Strongroom.Wire;

public sealed class FrameWriterTests
{
    internal static GenerateKeyRequest SomeGenerateKey => new(
        3,
        1,
        new WireMechanism(0x1080, 0, null, null, null, null, null, null, null),
        [new WireAttribute(0x161, new byte[] { 32, 0, 0, 0, 0, 0, 0, 0 }, null), new WireAttribute(0x40000211, null, [new WireAttribute(3, "k"u8.ToArray(), null)])]);

    [Fact]
    public void A_request_comes_out_as_docs_protocol_says()
    {
        var frame = Frame((writer, output) => writer.Request<EchoRequest, EchoReply>(output, 1, 2, 3, new EchoRequest(new byte[] { 0x0A })));
        Assert.Equal([0, 0, 0, 7, 0x85, 0x01, 0x03, 0x02, 0x03, 0x41, 0x0A], frame);
    }

    [Fact]
    public void A_refusal_is_read_with_its_cause()
    {
        var frame = Frame((writer, output) => writer.Refusal(output, 9, 0xA0, 4, 5, "the password is wrong"));
        var reader = new FrameReader();
        Assert.Equal(new ReplyHead(9, 0xA0, 4, 5), reader.Reply(frame.AsMemory(4)));
        Assert.Equal("the password is wrong", reader.Cause());
    }

    [Fact]
    public void What_is_written_is_what_is_read()
    {
        var frame = Frame((writer, output) => writer.Request<GenerateKeyRequest, GenerateKeyReply>(output, ulong.MaxValue, 1, 9, SomeGenerateKey));
        var reader = new FrameReader();
        Assert.Equal(ulong.MaxValue, reader.Request(frame.AsMemory(4)).Id);
        var read = reader.Fields<GenerateKeyRequest>();
        Assert.Equal((3UL, 1UL, 0x1080UL, 2), (read.Session, read.Creation, read.Mechanism.Number, read.Template.Length));
        Assert.Equal(32, read.Template[0].Value!.Value.Span[0]);
        Assert.Null(read.Template[1].Value);
        Assert.Equal("k"u8.ToArray(), read.Template[1].Nested![0].Value!.Value.ToArray());
    }

    [Fact]
    public void A_frame_longer_than_the_limit_is_not_written()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new FrameWriter();
        Assert.Throws<WireFormatException>(() => writer.Request<EchoRequest, EchoReply>(output, 1, 0, 0, new EchoRequest(new byte[ProtocolLimits.Frame])));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void A_password_is_not_left_in_the_encoder()
    {
        var secret = "correct horse battery staple"u8.ToArray();
        var writer = new FrameWriter();
        var output = new FrameBuffer();
        writer.Request<LoginRequest, LoginReply>(output, 1, 0, 0, new LoginRequest(1, secret));
        var cbor = typeof(FrameWriter).GetField("_cbor", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(writer)!;
        var buffer = (byte[])cbor.GetType().GetField("_buffer", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(cbor)!;
        Assert.Equal(-1, buffer.AsSpan().IndexOf(secret));
        var written = output.Written;
        Assert.NotEqual(-1, written.Span.IndexOf(secret));
        output.Wipe();
        Assert.Equal(-1, written.Span.IndexOf(secret));
    }

    internal static byte[] Frame(Action<FrameWriter, IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new FrameWriter(), output);
        return output.WrittenSpan.ToArray();
    }
}
