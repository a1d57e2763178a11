using System.Buffers.Binary;
using System.Security.Cryptography;
using Strongroom.Store.Anchors;

namespace Strongroom.Store.Tests;

/// <summary>The store's files are changed while no HSM runs: opening refuses and says what it found.</summary>
public sealed class TamperingWhileStoppedTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private string Yesterday => _cluster.Folder.File("yesterday.db");

    public async ValueTask InitializeAsync()
    {
        await _cluster.BearAsync();
        await using (var store = await _cluster.OpenAsync(new TestRecords()))
        {
            foreach (var path in (string[])["users/a", "users/b", "users/gone", "objects/1"])
            {
                await store.PutAsync(path, $"{path} of yesterday");
            }
        }
        File.Copy(_cluster.Database, Yesterday);
        await using var again = await _cluster.OpenAsync(new TestRecords());
        await again.PutAsync("users/a", "changed today");
        await again.PutAsync("objects/2", "made today");
        await again.DeleteAsync("users/gone");
    }

    public ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_untouched_store_opens()
    {
        var records = new TestRecords();
        await using var store = await _cluster.OpenAsync(records);
        Assert.Equal(["objects/1", "objects/2", "users/a", "users/b"], records.Texts.Keys.Order());
        Assert.Equal("changed today", records.Texts["users/a"]);
    }

    [Fact]
    public async Task A_removed_record_is_counted_as_missing()
    {
        RawDatabase.Execute(_cluster.Database, "DELETE FROM records WHERE path='users/b'");
        await DamagedAsync("1 of the 4 records", "missing");
    }

    [Fact]
    public async Task A_deleted_record_that_was_put_back_is_counted_as_one_too_many()
    {
        var old = RawDatabase.Value(Yesterday, "users/gone");
        RawDatabase.Execute(_cluster.Database, "INSERT INTO records VALUES ('users/gone', 3, $value)", ("$value", old));
        await DamagedAsync("1 records more", "put back");
    }

    [Fact]
    public async Task A_record_of_yesterday_is_noticed()
    {
        RawDatabase.SetValue(_cluster.Database, "users/a", RawDatabase.Value(Yesterday, "users/a"));
        await DamagedAsync("older form");
    }

    [Fact]
    public async Task Two_exchanged_records_are_named()
    {
        var (a, b) = (RawDatabase.Value(_cluster.Database, "users/a"), RawDatabase.Value(_cluster.Database, "users/b"));
        RawDatabase.SetValue(_cluster.Database, "users/a", b);
        RawDatabase.SetValue(_cluster.Database, "users/b", a);
        await DamagedAsync("2 records", "users/a", "does not open");
    }

    [Fact]
    public async Task A_renamed_record_is_named()
    {
        RawDatabase.Execute(_cluster.Database, "UPDATE records SET path='users/c' WHERE path='users/b'");
        await DamagedAsync("users/c", "does not open");
    }

    [Fact]
    public async Task One_changed_bit_of_a_record_is_noticed_and_the_record_named()
    {
        var whole = RawDatabase.Value(_cluster.Database, "users/b");
        for (var bit = 0; bit < whole.Length * 8; bit += 37)
        {
            var changed = whole.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            RawDatabase.SetValue(_cluster.Database, "users/b", changed);
            await DamagedAsync("users/b");
        }
    }

    [Fact]
    public async Task The_head_of_yesterday_is_a_rollback()
    {
        RawDatabase.SetValue(_cluster.Database, "head", RawDatabase.Value(Yesterday, "head"));
        Assert.IsType<RollbackException>(await RefusedAsync());
    }

    [Fact]
    public async Task A_missing_head_is_said()
    {
        RawDatabase.Execute(_cluster.Database, "DELETE FROM records WHERE path='head'");
        await DamagedAsync("head", "none");
    }

    [Fact]
    public async Task The_whole_database_of_yesterday_is_a_rollback_that_names_both_positions()
    {
        File.Copy(Yesterday, _cluster.Database, overwrite: true);
        var rollback = Assert.IsType<RollbackException>(await RefusedAsync());
        Assert.Equal((8UL, 5UL), (rollback.Anchor.Sequence, rollback.Store.Sequence));
    }

    [Fact]
    public async Task Another_history_of_the_same_cluster_is_a_rollback_even_when_it_is_longer()
    {
        // Yesterday's store goes on elsewhere, with another HSM, past the position that this HSM remembers.
        var here = _cluster.Folder.File("here.db");
        File.Move(_cluster.Database, here);
        File.Copy(Yesterday, _cluster.Database);
        await using (var fork = await _cluster.OpenAsync(new TestRecords(), "hsm-b"))
        {
            for (var i = 0; i < 5; i++)
            {
                await fork.PutAsync($"fork/{i}", "x");
            }
        }
        var rollback = Assert.IsType<RollbackException>(await RefusedAsync());
        Assert.Contains("another one than this HSM remembers", rollback.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_clusters_store_is_refused()
    {
        using var other = new TestCluster();
        other.Keys.Dispose();
        other.Keys.Add(1, Crypto.SecretBuffer.Random(32));
        await other.BearAsync();
        File.Copy(other.Database, _cluster.Database, overwrite: true);
        await DamagedAsync("head", "does not open");
    }

    [Fact]
    public async Task A_database_that_is_gone_empty_garbage_or_cut_off_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(_cluster.Database, TestContext.Current.CancellationToken);
        byte[][] others = [[], new byte[whole.Length], [.. Enumerable.Repeat((byte)0x55, 5000)], whole[..4096], whole[..(whole.Length / 2)], whole[..^4096], whole[100..]];
        foreach (var other in others)
        {
            await File.WriteAllBytesAsync(_cluster.Database, other, TestContext.Current.CancellationToken);
            Assert.IsNotType<RollbackException>(await RefusedAsync());
        }
        File.Delete(_cluster.Database);
        await DamagedAsync("store.db", "no such file");
    }

    [Fact]
    public async Task Any_changed_bit_of_the_database_is_refused_or_changes_nothing()
    {
        var whole = await File.ReadAllBytesAsync(_cluster.Database, TestContext.Current.CancellationToken);
        var refused = 0;
        for (var i = 0; i < 150; i++)
        {
            refused += await IsRefusedAsync(whole, RandomNumberGenerator.GetInt32(whole.Length * 8)) ? 1 : 0;
        }
        Assert.InRange(refused, 1, 149);
    }

    // Its types, too, stand there: a number may become a text, or nothing.
    [Fact]
    public async Task Any_changed_bit_of_the_row_with_the_revision_is_refused_or_changes_nothing()
    {
        var whole = await File.ReadAllBytesAsync(_cluster.Database, TestContext.Current.CancellationToken);
        var (start, length) = StateRow(whole);
        var refused = 0;
        for (var bit = start * 8; bit < (start + length) * 8; bit++)
        {
            refused += await IsRefusedAsync(whole, bit) ? 1 : 0;
        }
        Assert.InRange(refused, 1, (length * 8) - 1);
    }

    // Table "state" is the first one made, so its page is the second; a leaf's only cell, after its 8 bytes of header, is pointed to by 2 bytes and begins with its payload's length (sqlite.org/fileformat2.html 1.6).
    private static (int Start, int Length) StateRow(byte[] database)
    {
        var page = BinaryPrimitives.ReadUInt16BigEndian(database.AsSpan(16));
        Assert.Equal([0x0D, 0, 1], [database[page], database[page + 3], database[page + 4]]);
        var start = page + BinaryPrimitives.ReadUInt16BigEndian(database.AsSpan(page + 8));
        return (start, 2 + database[start]);
    }

    private async Task<bool> IsRefusedAsync(byte[] whole, int bit)
    {
        var changed = whole.ToArray();
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        await File.WriteAllBytesAsync(_cluster.Database, changed, TestContext.Current.CancellationToken);
        var records = new TestRecords();
        try
        {
            await using var store = await _cluster.OpenAsync(records);
        }
        catch (StoreException)
        {
            return true;
        }
        Assert.True(
            records.Texts.Values.Order().SequenceEqual(["changed today", "made today", "objects/1 of yesterday", "users/b of yesterday"]),
            $"with bit {bit} changed it opened to {string.Join(", ", records.Texts)}");
        return false;
    }

    private async Task<StoreException> RefusedAsync()
    {
        try
        {
            await using var store = await _cluster.OpenAsync(new TestRecords());
        }
        catch (StoreException refusal)
        {
            return refusal;
        }
        Assert.Fail("It was opened.");
        return null!;
    }

    private async Task DamagedAsync(params string[] says)
    {
        var refusal = Assert.IsType<StoreDamagedException>(await RefusedAsync());
        Assert.All(says, text => Assert.Contains(text, refusal.Message, StringComparison.Ordinal));
    }
}
