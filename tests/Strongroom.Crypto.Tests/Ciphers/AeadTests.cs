namespace Strongroom.Crypto.Tests.Ciphers;

public sealed class AeadTests
{
    private static readonly byte[] Key = Convert.FromHexString("FEFFE9928665731C6D6A8F9467308308FEFFE9928665731C6D6A8F9467308308");
    private static readonly byte[] Nonce = Convert.FromHexString("CAFEBABEFACEDBADDECAF888");
    private static readonly byte[] Associated = Convert.FromHexString("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    private static readonly byte[] Plaintext = Convert.FromHexString(
        "D9313225F88406E5A55909C5AFF5269A86A7A9531534F7DA2E4C303D8A318A721C3C0C95956809532FCF0E2449A6B525B16AEDF5AA0DE657BA637B39");
    private static readonly byte[] Sealed = Convert.FromHexString(
        "522DC1F099567D07F47F37A32A84427D643A8CDCBFE5C0C97598A2BD2555D1AA8CB08E48590DBB3DA7B08B1056828838C5F61E6393BA7A0ABCC9F66276FC6ECE0F4E1768CDDF8853BB2D551B");

    // McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16.
    [Fact]
    public void Test_case_16_of_the_mode_s_authors()
    {
        var output = new byte[Plaintext.Length + 16];
        Aead.Seal(Key, Nonce, Associated, Plaintext, output);
        Assert.Equal(Convert.ToHexString(Sealed), Convert.ToHexString(output));
        var opened = new byte[Plaintext.Length];
        Assert.True(Aead.TryOpen(Key, Nonce, Associated, Sealed, opened));
        Assert.Equal(Plaintext, opened);
    }

    [Fact]
    public void Any_flipped_bit_is_refused_and_nothing_of_the_plaintext_is_left()
    {
        var opened = new byte[Plaintext.Length];
        for (var bit = 0; bit < Sealed.Length * 8; bit += 7)
        {
            var broken = (byte[])Sealed.Clone();
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            opened.AsSpan().Fill(0xFF);
            Assert.False(Aead.TryOpen(Key, Nonce, Associated, broken, opened));
            Assert.Equal(new byte[opened.Length], opened);
        }
    }

    [Fact]
    public void An_empty_plaintext_is_only_authenticated()
    {
        var tag = new byte[16];
        Aead.Seal(Key, Nonce, Associated, default, tag);
        Assert.True(Aead.TryOpen(Key, Nonce, Associated, tag, default));
        Assert.False(Aead.TryOpen(Key, Nonce, Associated.AsSpan(1), tag, default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(60)]
    [InlineData(128)]
    public void Nonces_of_other_lengths_open_what_they_sealed(int length)
    {
        var nonce = new byte[length];
        RandomSource.Fill(nonce);
        var output = new byte[3 + 12];
        Aead.Seal(Key, nonce, default, "abc"u8, output);
        var opened = new byte[3];
        Assert.True(Aead.TryOpen(Key, nonce, default, output, opened));
        Assert.Equal("abc"u8.ToArray(), opened);
    }

    [Fact]
    public void It_works_in_place()
    {
        var buffer = new byte[Plaintext.Length + 16];
        Plaintext.CopyTo(buffer, 0);
        Aead.Seal(Key, Nonce, Associated, buffer.AsSpan(0, Plaintext.Length), buffer);
        Assert.Equal(Sealed, buffer);
    }
}
