namespace Strongroom.Crypto.Tests.Passwords;

public sealed class PasswordHashTests
{
    [Theory]
    [InlineData("", "", 16, 1, 1, "77D6576238657B203B19CA42C18A0497F16B4844E3074AE8DFDFFA3FEDE21442FCD0069DED0948F8326A753A0FC81F17E8D3E0FB2E0D3628CF35E20C38D18906")]
    [InlineData("password", "NaCl", 1024, 8, 16, "FDBABE1C9D3472007856E7190D01E9FE7C6AD7CBC8237830E77376634B3731622EAF30D92E22A3886FF109279D9830DAC727AFB94A83EE6D8360CBDFA2CC0640")]
    public void Scrypt_gives_the_answers_of_rfc_7914(string password, string salt, ulong n, uint r, uint p, string expected)
    {
        var output = new byte[64];
        PasswordDerivation.Scrypt(System.Text.Encoding.ASCII.GetBytes(password), System.Text.Encoding.ASCII.GetBytes(salt), n, r, p, output);
        Assert.Equal(expected, Convert.ToHexString(output));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_right_password_and_no_other_is_accepted(bool fips)
    {
        var record = await PasswordHash.CreateAsync("correct horse"u8.ToArray(), fips, TestContext.Current.CancellationToken);
        Assert.Equal(PasswordHash.RecordSize, record.Length);
        Assert.True(await PasswordHash.VerifyAsync("correct horse"u8.ToArray(), record, TestContext.Current.CancellationToken));
        Assert.False(await PasswordHash.VerifyAsync("correct horsf"u8.ToArray(), record, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_same_password_never_gives_the_same_record_twice() => Assert.NotEqual(
        await PasswordHash.CreateAsync("correct horse"u8.ToArray(), fips: false, TestContext.Current.CancellationToken),
        await PasswordHash.CreateAsync("correct horse"u8.ToArray(), fips: false, TestContext.Current.CancellationToken));

    [Fact]
    public void A_record_that_asks_for_too_much_is_refused_before_anything_is_computed()
    {
        var encoded = PasswordParameters.Draw(PasswordCost.Login, fips: false).Encoded.ToArray();
        encoded[4] = 0x20;   // N = 2^21
        encoded[3] = 0;
        Assert.Throws<CryptoException>(() => PasswordParameters.Parse(encoded));
        Assert.Throws<CryptoException>(() => PasswordParameters.Parse(encoded.AsSpan(1)));
    }
}
