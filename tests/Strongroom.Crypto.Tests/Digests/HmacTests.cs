using System.Text;

namespace Strongroom.Crypto.Tests.Digests;

public sealed class HmacTests
{
    [Fact]
    public void Rfc_4231_case_1()
    {
        var key = Enumerable.Repeat((byte)0x0B, 20).ToArray();
        var output = new byte[32];
        HmacSha256.Compute(key, "Hi There"u8, output);
        Assert.Equal("B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7", Convert.ToHexString(output));
    }

    [Fact]
    public void Parts_are_concatenated_by_the_static_form_and_by_the_stream_alike()
    {
        var (whole, parts, streamed) = (new byte[64], new byte[64], new byte[64]);
        Hmac.Compute(DigestAlgorithm.Sha512, "key"u8, "one two three"u8, whole);
        Hmac.Compute(DigestAlgorithm.Sha512, "key"u8, "one "u8, parts, "two "u8, "three"u8);
        using var stream = MacStream.Hmac(DigestAlgorithm.Sha512, "key"u8);
        foreach (var word in new[] { "one ", "", "two three" })
        {
            stream.Update(Encoding.ASCII.GetBytes(word));
        }

        stream.Finish(streamed);
        Assert.Equal(whole, parts);
        Assert.Equal(whole, streamed);
    }

    [Fact]
    public void An_empty_key_is_a_key()
    {
        var output = new byte[32];
        HmacSha256.Compute(default, default, output);
        Assert.Equal("B613679A0814D9EC772F95D778C35FC5FF1697C493715653C6C712144292C5AD", Convert.ToHexString(output));
    }
}
