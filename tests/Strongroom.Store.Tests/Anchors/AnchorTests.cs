using Strongroom.Crypto;
using Strongroom.Store.Anchors;
using Strongroom.Store.Heads;

namespace Strongroom.Store.Tests.Anchors;

public sealed class AnchorTests : IDisposable
{
    private static readonly HeadHash Hash = new(1, 2);

    private readonly TestCluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void It_remembers_the_newest_head_over_many_writes()
    {
        using (var anchor = _cluster.OpenAnchor())
        {
            Assert.Equal(default, anchor.Position);
        }
        for (ulong sequence = 1; sequence < 10; sequence++)
        {
            using var anchor = _cluster.OpenAnchor();
            anchor.Advance(new(1, sequence), Hash);
            Assert.Equal(new HeadPosition(1, sequence), anchor.Position);
            using var again = _cluster.OpenAnchor();
            Assert.Equal(new HeadPosition(1, sequence), again.Position);
        }
    }

    [Fact]
    public void It_never_goes_back()
    {
        using var anchor = _cluster.OpenAnchor();
        anchor.Advance(new(2, 5), Hash);
        anchor.Advance(new(2, 4), Hash);
        anchor.Advance(new(1, 9), Hash);
        Assert.Equal(new HeadPosition(2, 5), anchor.Position);
    }

    [Fact]
    public void An_older_head_and_another_head_at_its_position_are_a_rollback_and_a_newer_one_is_not()
    {
        using var anchor = _cluster.OpenAnchor();
        anchor.Advance(new(1, 5), Hash);
        anchor.Check(new(1, 5), Hash);
        anchor.Check(new(1, 6), default);
        anchor.Check(new(2, 1), default);
        var older = Assert.Throws<RollbackException>(() => anchor.Check(new(1, 4), Hash));
        Assert.Equal((new HeadPosition(1, 5), new HeadPosition(1, 4)), (older.Anchor, older.Store));
        Assert.Contains("epoch 1, sequence 5", older.Message, StringComparison.Ordinal);
        Assert.Contains("epoch 1, sequence 4", older.Message, StringComparison.Ordinal);
        Assert.Throws<RollbackException>(() => anchor.Check(new(1, 5), default));
    }

    [Fact]
    public void Any_changed_byte_of_its_file_is_noticed()
    {
        using (var anchor = _cluster.OpenAnchor())
        {
            anchor.Advance(new(1, 5), Hash);
        }
        var path = _cluster.AnchorPath("hsm-a");
        var whole = File.ReadAllBytes(path);
        // Every byte of what is written, and a sample of the zeros behind it.
        foreach (var at in Enumerable.Range(0, whole.Length).Where(i => i % 4096 < 300 || i % 97 == 0 || i % 4096 == 4095))
        {
            var changed = whole.ToArray();
            changed[at] ^= 0x10;
            File.WriteAllBytes(path, changed);
            Assert.Equal(path, Assert.Throws<StoreDamagedException>(() => _cluster.OpenAnchor()).What);
        }
        File.WriteAllBytes(path, whole);
        _cluster.OpenAnchor().Dispose();
    }

    [Fact]
    public void A_missing_short_long_exchanged_or_foreign_file_is_refused()
    {
        using (var anchor = _cluster.OpenAnchor())
        {
            anchor.Advance(new(1, 5), Hash);
        }
        var path = _cluster.AnchorPath("hsm-a");
        var whole = File.ReadAllBytes(path);
        byte[][] others = [[], whole[..4096], [.. whole, 0], [.. whole[4096..], .. whole[..4096]], [.. whole[..4096], .. whole[..4096]]];
        foreach (var other in others)
        {
            File.WriteAllBytes(path, other);
            Assert.Throws<StoreDamagedException>(() => _cluster.OpenAnchor());
        }
        File.WriteAllBytes(path, whole);
        using var otherKey = SecretBuffer.Random(32);
        Assert.Throws<StoreDamagedException>(() => Anchor.Open(path, otherKey, TestCluster.Id, new("hsm-a")));
        Assert.Throws<StoreDamagedException>(() => Anchor.Open(path, _cluster.AnchorKey, TestCluster.Id, new("hsm-b")));
        Assert.Throws<StoreDamagedException>(() => Anchor.Open(path, _cluster.AnchorKey, new("cluster-other"), new("hsm-a")));
        File.Delete(path);
        Assert.Throws<StoreDamagedException>(() => Anchor.Open(path, _cluster.AnchorKey, TestCluster.Id, new("hsm-a")));
    }

    [Fact]
    public void One_place_from_before_beside_the_newest_place_is_refused()
    {
        using var anchor = _cluster.OpenAnchor();
        anchor.Advance(new(1, 5), Hash);
        var path = _cluster.AnchorPath("hsm-a");
        var old = File.ReadAllBytes(path);
        anchor.Advance(new(1, 6), Hash);
        anchor.Advance(new(1, 7), Hash);
        anchor.Advance(new(1, 8), Hash);
        var now = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. old[..4096], .. now[4096..]]);
        Assert.Throws<StoreDamagedException>(() => _cluster.OpenAnchor());
        File.WriteAllBytes(path, [.. now[..4096], .. old[4096..]]);
        Assert.Throws<StoreDamagedException>(() => _cluster.OpenAnchor());
    }

    [Fact]
    public void A_file_that_was_moved_away_while_in_use_is_noticed_at_the_next_write()
    {
        using var anchor = _cluster.OpenAnchor();
        anchor.Advance(new(1, 5), Hash);
        var path = _cluster.AnchorPath("hsm-a");
        File.Copy(path, path + ".copy");
        File.Move(path + ".copy", path, overwrite: true);
        Assert.Throws<StoreDamagedException>(() => anchor.Advance(new(1, 6), Hash));
    }

    [Fact]
    public void It_can_be_created_once()
    {
        _cluster.OpenAnchor().Dispose();
        Assert.Throws<IOException>(() => Anchor.Create(_cluster.AnchorPath("hsm-a"), _cluster.AnchorKey, TestCluster.Id, new("hsm-a")));
    }
}
