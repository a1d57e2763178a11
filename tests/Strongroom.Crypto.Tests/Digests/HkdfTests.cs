namespace Strongroom.Crypto.Tests.Digests;

public sealed class HkdfTests
{
    [Theory]
    [InlineData("000102030405060708090A0B0C", "F0F1F2F3F4F5F6F7F8F9", "3CB25F25FAACD57A90434F64D0362F2A2D2D0A90CF1A5A4C5DB02D56ECC4C5BF34007208D5B887185865")] // RFC 5869 A.1
    [InlineData("", "", "8DA4E775A563C18F715F802A063C5A31B8A11F5C5EE1879EC3454E5F3C738D2D9D201395FAA4B61A96C8")] // RFC 5869 A.3
    public void Rfc_5869(string salt, string info, string expected)
    {
        var output = new byte[expected.Length / 2];
        Hkdf.Derive(Enumerable.Repeat((byte)0x0B, 22).ToArray(), Convert.FromHexString(salt), Convert.FromHexString(info), output);
        Assert.Equal(expected, Convert.ToHexString(output));
    }
}
