using System.Diagnostics;
using Strongroom.Audit.Verification;
using Strongroom.Audit.Writer;
using Strongroom.Hsm.Audit;

namespace Strongroom.Audit.Tests.Crashes;

/// <summary>The process is killed, or the host loses what was not fsynced.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("audit-crash-").FullName;

    private static bool Soak => Environment.GetEnvironmentVariable("STRONGROOM_SOAK") == "1";

    private string Log => Path.Combine(_folder, "log");

    private string Shadow => Path.Combine(_folder, "shadow");

    [Fact]
    public async Task After_a_kill_no_acknowledged_use_is_missing_and_the_chain_verifies()
    {
        var (rounds, seed) = (Soak ? 100 : 5, Environment.TickCount);
        TestContext.Current.SendDiagnosticMessage("seed {0}", seed);
        var random = new CrashMoments(seed);
        for (uint round = 1; round <= rounds; round++)
        {
            using var writer = new WriterProcess(_folder, "kernel", threads: 4);
            var acknowledged = await writer.KillAfterAsync(random.Next());
            Assert.Empty(Missing(acknowledged, round));
        }

        var report = await VerifyAfterStartAsync(hostRestarted: false);
        Assert.True(report.IsIntact, report.ToString());
        Assert.Equal(rounds, report.Notes.Count(n => n.StartsWith("the HSM was not stopped cleanly", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task In_durable_mode_nothing_acknowledged_is_missing_after_a_loss_of_unsynced_writes()
    {
        for (uint round = 1; round <= (Soak ? 20 : 2); round++)
        {
            var acknowledged = await RunAndLoseUnsyncedAsync("durable", TimeSpan.FromSeconds(1));
            Assert.Empty(Missing(acknowledged, round));
        }

        var report = await VerifyAfterStartAsync(hostRestarted: true);
        Assert.True(report.IsIntact, report.ToString());
    }

    [Fact]
    public async Task A_forgotten_fsync_would_be_seen()
    {
        var acknowledged = await RunAndLoseUnsyncedAsync("durable", TimeSpan.FromSeconds(1), ("UNSYNCED_IGNORE", "segment-00000001.log"), ("AUDIT_PLAIN", "1"));
        Assert.NotEmpty(Missing(acknowledged, 1));
    }

    [Fact]
    public async Task In_the_default_mode_the_loss_is_bounded_by_the_newest_durable_head_and_reported()
    {
        // The log's loop makes everything durable before it signs the next head: once a newer head is kept, all up to the one before is on the disk.
        // A kill right behind an fsync loses nothing, so there may have to be another one.
        List<(ulong Thread, ulong Number)> missing = [];
        for (uint run = 1; run <= 20 && missing.Count == 0; run++)
        {
            var heads = new List<ulong>();
            var acknowledged = await RunAndLoseUnsyncedAsync("kernel", writer => writer.KillWhenAsync(() => NoteHead(heads, run) >= 3));
            missing = Missing(acknowledged, run);
            Assert.True(missing.Count < acknowledged.Count);
            Assert.InRange(SegmentEntries.Of(Log).Last().Event.Sequence, heads[^2], ulong.MaxValue);
        }

        Assert.NotEmpty(missing);
        var report = await VerifyAfterStartAsync(hostRestarted: true);
        Assert.True(report.IsIntact, report.ToString());
        Assert.Contains(report.Notes, n => n.Contains("events of the last second before it may be missing", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // How many heads of this run the writer's keeper has had.
    private int NoteHead(List<ulong> heads, uint run)
    {
        if (new FileKeeper(Path.Combine(_folder, "kept.json")).Newest is { } head && head.Reboot == run && (heads.Count == 0 || heads[^1] < head.Sequence))
        {
            heads.Add(head.Sequence);
        }

        return heads.Count;
    }

    private Task<IReadOnlyList<(ulong Thread, ulong Number)>> RunAndLoseUnsyncedAsync(string mode, TimeSpan running, params (string Name, string Value)[] more) =>
        RunAndLoseUnsyncedAsync(mode, writer => writer.KillAfterAsync(running), more);

    private async Task<IReadOnlyList<(ulong Thread, ulong Number)>> RunAndLoseUnsyncedAsync(
        string mode, Func<WriterProcess, Task<IReadOnlyList<(ulong Thread, ulong Number)>>> kill, params (string Name, string Value)[] more)
    {
        Directory.CreateDirectory(Log);
        Directory.CreateDirectory(Shadow);
        foreach (var file in Directory.EnumerateFiles(Log))
        {
            File.Copy(file, Path.Combine(Shadow, Path.GetFileName(file)), overwrite: true);
        }

        var environment = new Dictionary<string, string> { ["LD_PRELOAD"] = await ForgetfulDiskAsync(), ["UNSYNCED_ROOT"] = Log, ["UNSYNCED_SHADOW"] = Shadow };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        using var writer = new WriterProcess(_folder, mode, threads: 4, environment);
        var acknowledged = await kill(writer);
        Directory.Delete(Log, recursive: true);
        Directory.Move(Shadow, Log);
        return acknowledged;
    }

    private List<(ulong Thread, ulong Number)> Missing(IEnumerable<(ulong Thread, ulong Number)> acknowledged, uint reboot)
    {
        var logged = SegmentEntries.Of(Log).Where(e => e.Log.Reboot == reboot && e.Event.Operation == AuditOperation.Sign).Select(e => (e.Event.Key!.Value, e.Event.Session)).ToHashSet();
        return [.. acknowledged.Where(a => !logged.Contains(a))];
    }

    // The HSM starts once more and stops cleanly; then the log is verified against what the store had kept.
    private async Task<VerificationReport> VerifyAfterStartAsync(bool hostRestarted)
    {
        using var signer = KeySigner.InFile(Path.Combine(_folder, "identity.pem"));
        var keeper = new FileKeeper(Path.Combine(_folder, "kept.json"));
        var known = keeper.Newest;
        var options = new AuditOptions(Log, "cluster-test", "hsm-test");
        options = hostRestarted ? options with { HostBoot = Guid.NewGuid() } : options;
        await (await AuditLog.OpenAsync(options, signer, keeper)).DisposeAsync();
        Assert.DoesNotContain(SegmentEntries.Of(Log), e => e.Event.Detail.Contains("is not the one", StringComparison.Ordinal));
        return LogVerifier.Verify(Log, [signer.Certificate], known is null ? [keeper.Newest!] : [known, keeper.Newest!]);
    }

    private async Task<string> ForgetfulDiskAsync()
    {
        var library = Path.Combine(_folder, "unsynced.so");
        if (!File.Exists(library))
        {
            var source = Path.Combine(RepositoryRoot(), "tests", "faults", "unsynced.c");
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]);
            await compiler.WaitForExitAsync();
            Assert.Equal(0, compiler.ExitCode);
        }

        return library;
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Strongroom.slnx")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new DirectoryNotFoundException("the repository's root");
        }

        return folder;
    }

    /// <summary>Reproducible moments between 50 and 550 ms.</summary>
    private sealed class CrashMoments(int seed)
    {
        private uint _state = (uint)seed;

        public TimeSpan Next()
        {
            _state = (_state * 1_664_525) + 1_013_904_223;
            return TimeSpan.FromMilliseconds(50 + (_state >> 8) % 500);
        }
    }
}
