using System.Diagnostics;
using System.Security.Cryptography;
using Strongroom.Store.Anchors;

namespace Strongroom.Store.Tests;

/// <summary>Processes are killed in the middle of their work, and the disk forgets what was not fsynced: nothing that was acknowledged is lost.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TestCluster _cluster = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Shadow => _cluster.Folder.Path + "-shadow";

    public void Dispose()
    {
        _cluster.Dispose();
        File.Delete(_cluster.Folder.Path + "-unsynced.so");
        if (Directory.Exists(Shadow))
        {
            Directory.Delete(Shadow, recursive: true);
        }
    }

    [Fact]
    public async Task Two_HSMs_killed_at_random_moments_lose_nothing_that_they_acknowledged()
    {
        await _cluster.BearAsync();
        var acknowledged = new List<string>();
        for (var round = 0; round < 6; round++)
        {
            using var a = new WriterProcess(_cluster.Folder.Path, "hsm-a");
            using var b = new WriterProcess(_cluster.Folder.Path, "hsm-b");
            await a.StartedAsync(Cancel);
            await b.StartedAsync(Cancel);
            await Task.Delay(RandomNumberGenerator.GetInt32(100), Cancel);
            var killed = a.KillAsync(Cancel);
            await Task.Delay(RandomNumberGenerator.GetInt32(100), Cancel); // the one goes on when the other has died within its turn
            acknowledged.AddRange((await killed).Paths);
            acknowledged.AddRange((await b.KillAsync(Cancel)).Paths);
            await AllThereAsync(acknowledged);
        }
    }

    [Fact]
    public async Task A_disk_that_forgets_what_was_not_fsynced_loses_nothing_that_was_acknowledged()
    {
        await _cluster.BearAsync();
        var acknowledged = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            var (paths, sequence) = await LosePowerAsync(ignore: null);
            acknowledged.AddRange(paths);
            using (var anchor = _cluster.OpenAnchor())
            {
                Assert.True(anchor.Position.Sequence >= sequence, $"the anchor stands at {anchor.Position}, but {sequence} was acknowledged");
            }
            await AllThereAsync(acknowledged);
        }
    }

    // As with synchronous=OFF. If the database were synced, a kill right after a checkpoint would find in it what the WAL has lost.
    [Fact]
    public async Task Without_the_fsync_of_WAL_and_database_the_loss_is_seen_as_a_rollback()
    {
        await _cluster.BearAsync();
        await LosePowerAsync(ignore: "store.db-wal:store.db");
        await Assert.ThrowsAsync<RollbackException>(() => AllThereAsync([]));
    }

    [Fact]
    public async Task Without_the_fsync_of_the_anchor_it_is_behind_what_was_acknowledged()
    {
        await _cluster.BearAsync();
        _cluster.OpenAnchor().Dispose();
        var (_, sequence) = await LosePowerAsync(ignore: "anchor-hsm-a");
        using var anchor = _cluster.OpenAnchor();
        Assert.True(anchor.Position.Sequence < sequence);
    }

    // Runs a writer on a disk that keeps only what was fsynced, kills it, and puts what was kept in the place of what was written.
    private async Task<(List<string> Paths, ulong Sequence)> LosePowerAsync(string? ignore)
    {
        var library = await LibraryAsync();
        CopyTo(_cluster.Folder.Path, Shadow);
        (string, string)[] environment = [("LD_PRELOAD", library), ("UNSYNCED_ROOT", _cluster.Folder.Path), ("UNSYNCED_SHADOW", Shadow), ("UNSYNCED_IGNORE", ignore ?? "")];
        using var writer = new WriterProcess(_cluster.Folder.Path, "hsm-a", environment);
        await writer.StartedAsync(Cancel);
        await Task.Delay(200 + RandomNumberGenerator.GetInt32(200), Cancel);
        var said = await writer.KillAsync(Cancel);
        Assert.NotEmpty(said.Paths);
        CopyTo(Shadow, _cluster.Folder.Path);
        return said;
    }

    private async Task AllThereAsync(List<string> acknowledged)
    {
        var records = new TestRecords();
        await using var store = await _cluster.OpenAsync(records);
        Assert.DoesNotContain(acknowledged, path => records.Texts.GetValueOrDefault(path) != path);
    }

    private async Task<string> LibraryAsync()
    {
        var library = _cluster.Folder.Path + "-unsynced.so";
        if (!File.Exists(library))
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root.FullName, "tests/faults/unsynced.c")))
            {
                root = root.Parent ?? throw new FileNotFoundException("tests/faults/unsynced.c");
            }
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", library, Path.Combine(root.FullName, "tests/faults/unsynced.c"), "-ldl", "-pthread"]);
            await compiler.WaitForExitAsync(Cancel);
            Assert.Equal(0, compiler.ExitCode);
        }
        return library;
    }

    private static void CopyTo(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
