using Strongroom.Wire;

namespace Strongroom.Node.Tampering;

/// <summary>Files are changed under the running HSM: the real process stops serving and says what it found.</summary>
public sealed class RunningHsmTests : IClassFixture<KeptHsm>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly KeptHsm _hsm;

    public RunningHsmTests(KeptHsm hsm)
    {
        _hsm = hsm;
        _hsm.Reset();
    }

    [Theory]
    [InlineData("", "renamed")]
    [InlineData("", "overwritten")]
    [InlineData("", "cut")]
    [InlineData("", "a bit")]
    [InlineData("-wal", "renamed")]
    [InlineData("-wal", "cut")]
    [InlineData("-wal", "a bit")]
    [InlineData("-shm", "renamed")]
    public async Task A_file_of_the_store(string end, string change)
    {
        var (process, state, _) = await _hsm.StartAsync();
        await using var hsm = process;
        Assert.Equal(HsmState.Active, state);
        await _hsm.CreateUserAsync("before"); // there is a WAL now
        var path = _hsm.Store + end;
        switch (change)
        {
            case "renamed":
                FileTampering.Rename(path, File.ReadAllBytes(end.Length == 0 ? _hsm.Yesterday(path) : path));
                break;
            case "overwritten":
                FileTampering.Overwrite(path, File.ReadAllBytes(_hsm.Yesterday(path)));
                break;
            case "cut":
                FileTampering.Truncate(path, new FileInfo(path).Length / 2);
                break;
            default:
                FileTampering.Flip(path, new FileInfo(path).Length / 2, 3);
                break;
        }

        // Whoever reads a WAL that was cut finds the database too short before the WAL's own length is looked at.
        Assert.Contains(change == "cut" ? _hsm.Store : path, await _hsm.StoppedAsync(hsm), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_anchor_exchanged_is_noticed_before_the_next_commit_is_acknowledged()
    {
        var (process, _, _) = await _hsm.StartAsync();
        await using var hsm = process;
        var anchor = Path.Combine(_hsm.State, "anchor");
        FileTampering.Rename(anchor, File.ReadAllBytes(anchor));
        await Assert.ThrowsAnyAsync<Exception>(() => _hsm.CreateUserAsync("late").WaitAsync(TimeSpan.FromSeconds(60), Cancel));
        Assert.Contains(anchor, await _hsm.StoppedAsync(hsm), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_read_at_the_start_alone_may_change_and_is_refused_at_the_next_start()
    {
        var (process, _, _) = await _hsm.StartAsync();
        await using (process)
        {
            FileTampering.Flip(Path.Combine(_hsm.State, "cluster-key.sealed"), 50, 0);
            await _hsm.CreateUserAsync("goes_on");
        }

        var (again, state, cause) = await _hsm.StartAsync();
        await using (again)
        {
            Assert.Equal(HsmState.Failed, state);
            Assert.Contains("cluster-key.sealed", cause, StringComparison.Ordinal);
        }
    }
}
