using CsCheck;

namespace Strongroom.Wire;

public sealed class FrameReaderTests
{
    // [1, 3 (Echo), 0, 0, h'0a']
    private static readonly byte[] Echo = [0x85, 0x01, 0x03, 0x00, 0x00, 0x41, 0x0A];

    [Fact]
    public void A_request_is_read_with_its_fields()
    {
        var reader = new FrameReader();
        var head = reader.Request(Echo);
        Assert.Equal(new RequestHead(1, Function.Echo, 0, 0), head);
        Assert.Equal([0x0A], reader.Fields<EchoRequest>().Data.ToArray());
    }

    [Theory]
    [InlineData("9f0103000041 0aff", "indefinite-length array")]
    [InlineData("85180103000041 0a", "integer that is not in its shortest form")]
    [InlineData("850103000041", "byte string cut short")]
    [InlineData("85010300005b7fffffffffffffff0a", "byte string of 2^63 bytes announced")]
    [InlineData("8501030000410a00", "bytes after the array")]
    [InlineData("86010300004100a0", "map as an unexpected field")]
    [InlineData("8501030000610a", "text in place of bytes")]
    [InlineData("85200300 00410a", "negative id")]
    [InlineData("85f9000003000041 0a", "float as id")]
    [InlineData("85c10103000041 0a", "tag")]
    [InlineData("9bffffffffffffffff01", "array of 2^64 items announced")]
    [InlineData("9a7fffffff01030000410a", "array of 2^31 items announced")]
    [InlineData("8401030000", "field missing")]
    [InlineData("8301 0300", "head too short")]
    [InlineData("00", "no array")]
    [InlineData("85010300005f41 0aff", "byte string in chunks")]
    public void What_is_not_the_protocol_is_refused(string hex, string what)
    {
        var reader = new FrameReader();
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var refused = Record.Exception(() =>
        {
            reader.Request(bytes);
            reader.Fields<EchoRequest>();
        });
        Assert.True(refused is WireFormatException, $"{what}: {refused?.GetType().Name ?? "accepted"}");
    }

    [Fact]
    public void A_list_longer_than_the_schema_allows_is_refused_before_it_is_made()
    {
        // Hello with 2^31-1 versions announced
        byte[] bytes = [0x87, 1, 1, 0, 0, 0x9A, 0x7F, 0xFF, 0xFF, 0xFF, 1, 0x40, 0x60];
        var reader = new FrameReader();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<WireFormatException>(() =>
        {
            reader.Request(bytes);
            reader.Fields<HelloRequest>();
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Attributes_nest_one_level_and_no_deeper()
    {
        Assert.Equal(2UL, ReadTemplate(Nest(1)).Template[0].Nested![0].Type);
        Assert.Throws<WireFormatException>(() => ReadTemplate(Nest(2)));
        Assert.Throws<WireFormatException>(() => ReadTemplate(Nest(60)));
    }

    [Fact]
    public void A_reader_goes_on_after_a_frame_that_it_refused()
    {
        var reader = new FrameReader();
        Assert.Throws<WireFormatException>(() => reader.Request(new byte[] { 0x9F, 0xFF }));
        reader.Request(Echo);
        Assert.Equal([0x0A], reader.Fields<EchoRequest>().Data.ToArray());
    }

    [Fact]
    public void No_bytes_whatever_make_the_reader_throw_anything_but_its_own_exception() =>
        Gen.Byte.Array[0, 200].Sample(
            bytes =>
            {
                var reader = new FrameReader();
                var thrown = Record.Exception(() => ReadAnything(reader, bytes));
                return thrown is null or WireFormatException;
            },
            iter: 20000);

    [Fact]
    public void No_change_of_a_real_request_makes_the_reader_throw_anything_but_its_own_exception()
    {
        var real = FrameWriterTests.Frame((writer, output) => writer.Request<GenerateKeyRequest, GenerateKeyReply>(output, 7, 1, 9, FrameWriterTests.SomeGenerateKey))[4..];
        Gen.Select(Gen.Int[0, real.Length - 1], Gen.Byte, Gen.Int[1, real.Length]).Sample(
            (at, value, length) =>
            {
                var bytes = (byte[])real.Clone();
                bytes[at] = value;
                var reader = new FrameReader();
                var thrown = Record.Exception(() => ReadAnything(reader, bytes.AsMemory(0, length)));
                return thrown is null or WireFormatException;
            },
            iter: 20000);
    }

    private static void ReadAnything(FrameReader reader, ReadOnlyMemory<byte> bytes)
    {
        switch (reader.Request(bytes).Function)
        {
            case Function.GenerateKey: reader.Fields<GenerateKeyRequest>(); break;
            case Function.Hello: reader.Fields<HelloRequest>(); break;
            case Function.CreateObject: reader.Fields<CreateObjectRequest>(); break;
            default: reader.Fields<PerformRequest>(); break;
        }
    }

    private static CreateObjectRequest ReadTemplate(byte[] attribute)
    {
        var reader = new FrameReader();
        reader.Request(new byte[] { 0x87, 1, 0x18, 40, 0, 0, 1, 1, 0x81 }.Concat(attribute).ToArray());
        return reader.Fields<CreateObjectRequest>();
    }

    // [depth+1, null, [[depth, null, …]]] … [1, null, null]
    private static byte[] Nest(int depth) => depth == 0 ? [0x83, 2, 0xF6, 0xF6] : [0x83, 1, 0xF6, 0x81, .. Nest(depth - 1)];
}
