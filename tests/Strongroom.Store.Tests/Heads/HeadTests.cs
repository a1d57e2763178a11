using Strongroom.Store.Heads;

namespace Strongroom.Store.Tests.Heads;

public sealed class HeadTests
{
    private static readonly Head Example = new(new(3, 1234567), new(1, 2), CommitId.Draw(), new(1, 2, 3, ulong.MaxValue), 42);

    [Fact]
    public void A_head_is_read_as_it_was_written() => Assert.Equal(Example, Head.Parse(Example.Encode()));

    [Fact]
    public void A_head_that_was_cut_off_lengthened_or_is_of_a_later_form_is_refused()
    {
        var encoded = Example.Encode();
        for (var length = 0; length < encoded.Length; length++)
        {
            Assert.Throws<FormatException>(() => Head.Parse(encoded.AsMemory(0, length)));
        }
        var later = encoded.ToArray();
        Assert.Equal(1, later[1]);
        later[1] = 2;
        Assert.Throws<FormatException>(() => Head.Parse(later));
        Assert.Throws<FormatException>(() => Head.Parse(new byte[] { 0x81, 0x01 }));
    }
}
