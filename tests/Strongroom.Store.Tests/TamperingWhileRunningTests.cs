using Strongroom.Store.Anchors;
using Strongroom.Store.Sqlite;

namespace Strongroom.Store.Tests;

/// <summary>The store's files are changed under a running HSM: it stops, naming the file, without being asked for a commit and before it acknowledges one.</summary>
public sealed class TamperingWhileRunningTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private SealedStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Wal => _cluster.Database + "-wal";

    private string Shm => _cluster.Database + "-shm";

    private string Yesterday => _cluster.Folder.File("yesterday.db");

    public async ValueTask InitializeAsync()
    {
        await _cluster.BearAsync();
        await using (var store = await _cluster.OpenAsync(new TestRecords()))
        {
            await store.PutAsync("a", "yesterday");
        }
        File.Copy(_cluster.Database, Yesterday);
        _store = await _cluster.OpenAsync(new TestRecords());
        for (var i = 0; i < 20; i++)
        {
            await _store.PutAsync($"today/{i}", new string('x', 1000));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _cluster.Dispose();
    }

    [Fact]
    public async Task The_database_replaced_by_renaming()
    {
        File.Copy(Yesterday, Yesterday + ".copy");
        File.Move(Yesterday + ".copy", _cluster.Database, overwrite: true);
        await StopsAsync(_cluster.Database);
    }

    [Fact]
    public async Task The_database_renamed_away()
    {
        File.Move(_cluster.Database, _cluster.Database + ".away");
        await StopsAsync(_cluster.Database);
    }

    [Fact]
    public async Task The_WAL_renamed_away()
    {
        File.Move(Wal, Wal + ".away");
        await StopsAsync(Wal);
    }

    [Fact]
    public async Task The_WAL_replaced_by_a_copy_of_itself()
    {
        File.Copy(Wal, Wal + ".copy");
        File.Move(Wal + ".copy", Wal, overwrite: true);
        await StopsAsync(Wal);
    }

    [Fact]
    public async Task The_shared_memory_file_removed()
    {
        File.Delete(Shm);
        await StopsAsync(Shm);
    }

    [Theory]
    [InlineData(10)] // the index's head
    [InlineData(96)] // how much of the WAL has been copied into the database
    [InlineData(140)] // a frame's page
    [InlineData(3000)]
    [InlineData(32767)] // the hash table's end
    public async Task One_bit_of_the_shared_memory_changed(long at)
    {
        Overwrite(Shm, [(byte)(ReadByte(Shm, at) ^ 1)], at);
        await StopsAsync(Shm);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    public async Task The_shared_memory_cut(int remains)
    {
        using (var file = File.OpenHandle(Shm, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.SetLength(file, RandomAccess.GetLength(file) * remains / 101);
        }
        await StopsAsync(Shm);
    }

    [Fact]
    public async Task What_readers_write_into_the_shared_memory_is_no_damage()
    {
        for (var i = 0; i < 50; i++)
        {
            await _store.PutAsync($"read between/{i}", "x");
            RawDatabase.Value(_cluster.Database, "head");
        }
        await Task.Delay(1500, Cancel);
        await _store.PutAsync("goes on", "x");
    }

    [Fact]
    public async Task The_lock_file_removed()
    {
        File.Delete(_cluster.Database + "-lock");
        await StopsAsync(_cluster.Database + "-lock");
    }

    [Fact]
    public async Task The_database_overwritten_in_its_place()
    {
        await Task.Delay(50, Cancel); // more than a tick of the clock that stamps files
        Overwrite(_cluster.Database, File.ReadAllBytes(Yesterday), 0);
        await StopsAsync(_cluster.Database);
    }

    [Fact]
    public async Task One_bit_of_the_database_changed_in_its_place()
    {
        await Task.Delay(50, Cancel);
        var at = new FileInfo(_cluster.Database).Length / 2;
        Overwrite(_cluster.Database, [(byte)(ReadByte(_cluster.Database, at) ^ 4)], at);
        await StopsAsync(_cluster.Database);
    }

    [Fact]
    public async Task The_WAL_cut_off()
    {
        await Task.Delay(50, Cancel);
        using (var file = File.OpenHandle(Wal, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.SetLength(file, RandomAccess.GetLength(file) / 2);
        }
        await StopsAsync(Wal);
    }

    [Fact]
    public async Task One_bit_of_the_WAL_changed_in_its_place()
    {
        await Task.Delay(50, Cancel);
        Overwrite(Wal, [(byte)(ReadByte(Wal, 5000) ^ 1)], 5000);
        await StopsAsync(Wal);
    }

    [Fact]
    public async Task A_commit_is_refused_at_once_and_not_acknowledged_when_the_files_were_exchanged()
    {
        File.Move(_cluster.Database, _cluster.Database + ".away");
        File.Copy(Yesterday, _cluster.Database);
        var refusal = await Assert.ThrowsAsync<StoreStoppedException>(() => _store.PutAsync("late", "x"));
        Assert.Contains(_cluster.Database, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_written_by_a_program_that_is_no_HSM()
    {
        await Task.Delay(50, Cancel);
        RawDatabase.Execute(_cluster.Database, "DELETE FROM records WHERE path='a'");
        await StopsAsync(Wal);
    }

    [Fact]
    public async Task A_program_that_queues_like_an_HSM_but_leaves_out_the_head()
    {
        await using var intruder = await SqliteStore.OpenAsync(_cluster.Database, new(), Cancel);
        await ((IStore)intruder).CommitAsync(new([], [StoreOperation.Delete("a")]), Cancel);
        var cause = await _store.Stopped.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        Assert.Contains("without the head", cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_queues_like_an_HSM_and_writes_an_old_head_over_the_new_one()
    {
        var old = RawDatabase.Value(Yesterday, "head");
        await using var intruder = await SqliteStore.OpenAsync(_cluster.Database, new(), Cancel);
        await ((IStore)intruder).CommitAsync(new([], [StoreOperation.Put("head", old)]), Cancel);
        Assert.IsType<RollbackException>(await _store.Stopped.WaitAsync(TimeSpan.FromSeconds(60), Cancel));
    }

    [Fact]
    public async Task The_anchor_replaced()
    {
        var path = _cluster.AnchorPath("hsm-a");
        File.Copy(path, path + ".copy");
        File.Move(path + ".copy", path, overwrite: true);
        await Assert.ThrowsAsync<StoreStoppedException>(() => _store.PutAsync("late", "x"));
        Assert.Equal(path, Assert.IsType<StoreDamagedException>(await _store.Stopped).What);
    }

    private async Task StopsAsync(string path)
    {
        var cause = await _store.Stopped.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        Assert.Equal(path, Assert.IsType<StoreDamagedException>(cause).What);
        await Assert.ThrowsAsync<StoreStoppedException>(() => _store.PutAsync("late", "x"));
    }

    private static byte ReadByte(string path, long at)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> one = stackalloc byte[1];
        Assert.Equal(1, RandomAccess.Read(file, one, at));
        return one[0];
    }

    private static void Overwrite(string path, byte[] bytes, long at)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, bytes, at);
    }
}
