using System.Text;
using Strongroom.Store.Sealing;

namespace Strongroom.Store.Tests.Sealing;

public sealed class SealerTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("the content of a record");

    private readonly ClusterKeys _keys = ClusterKeysTests.Keys("cluster-aaa");

    [Fact]
    public void What_was_sealed_opens_with_its_version_and_epoch_and_shows_nothing_of_itself()
    {
        using var sealer = new Sealer(_keys, "record");
        var encoded = sealer.Seal("users/a", 7, Content);
        var opened = sealer.Open("users/a", encoded);
        Assert.Equal((7UL, 2UL), (opened.Version, opened.Epoch));
        Assert.Equal(Content, opened.Content);
        Assert.Equal(-1, encoded.AsSpan().IndexOf("content"u8));
        using var secret = sealer.OpenSecret("users/a", encoded);
        Assert.Equal(Content, secret.Span.ToArray());
    }

    [Fact]
    public void Another_process_opens_what_this_one_sealed_and_both_seal_under_different_keys()
    {
        using var one = new Sealer(_keys, "record");
        using var two = new Sealer(_keys, "record");
        var encoded = one.Seal("a", 1, Content);
        Assert.Equal(Content, two.Open("a", encoded).Content);
        Assert.NotEqual(SealedRecord.Parse(encoded).Writer, SealedRecord.Parse(two.Seal("a", 1, Content)).Writer);
    }

    [Fact]
    public void It_opens_under_no_other_path_purpose_or_cluster()
    {
        using var sealer = new Sealer(_keys, "record");
        using var otherPurpose = new Sealer(_keys, "head");
        using var otherCluster = new Sealer(ClusterKeysTests.Keys("cluster-bbb"), "record");
        var encoded = sealer.Seal("users/a", 7, Content);
        Assert.Throws<FormatException>(() => sealer.Open("users/b", encoded));
        Assert.Throws<FormatException>(() => otherPurpose.Open("users/a", encoded));
        Assert.Throws<FormatException>(() => otherCluster.Open("users/a", encoded));
        Assert.Throws<FormatException>(() => sealer.OpenSecret("users/b", encoded));
    }

    [Fact]
    public void It_opens_with_no_bit_changed_and_not_cut_off_or_lengthened()
    {
        using var sealer = new Sealer(_keys, "record");
        var encoded = sealer.Seal("users/a", 7, Content);
        for (var bit = 0; bit < encoded.Length * 8; bit++)
        {
            var changed = encoded.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            var refusal = Assert.ThrowsAny<Exception>(() => sealer.Open("users/a", changed));
            Assert.True(refusal is FormatException or UnknownEpochException, $"bit {bit}: {refusal}");
        }
        for (var length = 0; length < encoded.Length; length++)
        {
            Assert.Throws<FormatException>(() => sealer.Open("users/a", encoded.AsMemory(0, length)));
        }
        Assert.Throws<FormatException>(() => sealer.Open("users/a", (byte[])[.. encoded, 0]));
    }

    [Fact]
    public void Sealing_the_same_twice_gives_different_bytes()
    {
        using var sealer = new Sealer(_keys, "record");
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => Convert.ToHexString(SealedRecord.Parse(sealer.Seal("a", 1, Content)).Nonce.Span)).Distinct().Count());
    }

    [Fact]
    public void A_new_epoch_is_sealed_under_at_once_and_the_old_one_still_opens()
    {
        using var sealer = new Sealer(_keys, "record");
        var old = sealer.Seal("a", 1, Content);
        _keys.Add(3, Crypto.SecretBuffer.Random(32));
        Assert.Equal(3UL, sealer.Open("a", sealer.Seal("a", 2, Content)).Epoch);
        Assert.Equal(2UL, sealer.Open("a", old).Epoch);
    }

    [Fact]
    public void Records_of_more_writers_than_there_is_room_for_keys_still_open()
    {
        using var opener = new Sealer(_keys, "record");
        for (var i = 0; i < 1500; i++)
        {
            using var writer = new Sealer(_keys, "record");
            Assert.Equal(Content, opener.Open("a", writer.Seal("a", 1, Content)).Content);
        }
    }
}
