using System.Security.Cryptography.X509Certificates;
using Strongroom.Audit;
using Strongroom.Audit.Verification;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Tampering;

/// <summary>
/// Each file of an HSM is changed in each way, while the real process runs and while it is stopped. Either the HSM does not serve and says what it found, or the file was not used: then everything that was acknowledged is there, and nothing that was deleted.
/// </summary>
public sealed partial class EveryFileTests : IClassFixture<KilledHsm>
{
    private const int PageSize = 4096;
    private readonly KilledHsm _hsm;

    public EveryFileTests(KilledHsm hsm)
    {
        _hsm = hsm;
        _hsm.Reset();
    }

    // The short form: each file once stopped and once running, the changes taken in turn.
    public static TheoryData<string, FileChange, bool> Some => new(
        from row in Table.Index()
        from running in (bool[])[false, true]
        select (row.Item.Name, row.Item.Changes[(row.Index + (running ? 1 : 0)) % row.Item.Changes.Length], running));

    public static TheoryData<string, FileChange, bool> All => new(from row in Table from change in row.Changes from running in (bool[])[false, true] select (row.Name, change, running));

    [Fact]
    public void The_table_has_every_file_and_what_it_calls_fixed_is()
    {
        var files = Directory.EnumerateFiles(_hsm.State, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_hsm.State, path)).Concat(Directory.EnumerateFiles(Path.GetDirectoryName(_hsm.Store)!).Select(path => Path.GetFileName(path)!)).ToList();
        Assert.Equal(Table.Select(row => row.Name).Order(StringComparer.Ordinal), files.Select(NameInTable).Distinct().Order(StringComparer.Ordinal));
        foreach (var path in Table.Where(row => row.Changes == OfWhatIsFixed && !row.Name.Contains("segment", StringComparison.Ordinal)).Select(row => PathOf(row.Name)))
        {
            Assert.Equal(File.ReadAllBytes(_hsm.Yesterday(path)), File.ReadAllBytes(path));
        }
    }

    // Items that are there for the length of one step, and root.sealed (RootOfTrustTests).
    [Theory]
    [InlineData("acceptance.sealed")]
    [InlineData("cluster-renewal.sealed")]
    public async Task What_an_interrupted_step_would_have_left_is_refused_if_it_is_not_the_HSMs_own(string name)
    {
        File.Copy(PathOf("identity-key.sealed"), PathOf(name));
        await StartsAsync(Verdict.Refuses(name), []);
    }

    [Theory]
    [MemberData(nameof(Some))]
    public Task A_changed_file_is_refused_or_was_not_used(string file, FileChange change, bool running) => ChangeAsync(Table.Single(row => row.Name == file), change, running);

    [Theory(Explicit = true)]
    [MemberData(nameof(All))]
    public Task Every_file_changed_in_every_way_is_refused_or_was_not_used(string file, FileChange change, bool running) => ChangeAsync(Table.Single(row => row.Name == file), change, running);

    private Task ChangeAsync(FileRow row, FileChange change, bool running) => running ? ChangeRunningAsync(row, change) : ChangeStoppedAsync(row, change);

    private async Task ChangeStoppedAsync(FileRow row, FileChange change)
    {
        Apply(row.Name, change);
        await StartsAsync(row.Stopped(change), _hsm.Acknowledged);
    }

    private async Task ChangeRunningAsync(FileRow row, FileChange change)
    {
        var expected = row.Running(change);
        IReadOnlyList<string> acknowledged = [.. _hsm.Acknowledged, "key z before"];
        await using (var process = await _hsm.RunAsync())
        {
            await _hsm.MakeKeyAsync("z before");
            if (row.Name == ClosedSegment)
            {
                // It is compressed soon after the start: a change in the middle of that would go with the plain file.
                Assert.True(await Data.DataListenerTests.Eventually(() => LogFiles.Segments(Path.Combine(_hsm.State, "audit"))[0].Compressed), "the closed segment is compressed");
            }

            Apply(row.Name, change);
            if (expected.Serves)
            {
                await _hsm.MakeKeyAsync("z late");
                await _hsm.MakeKeyAsync("z later");
                acknowledged = [.. acknowledged, "key z late", "key z later"];
                Assert.Equal(acknowledged, await _hsm.ContentsAsync());
            }
            else
            {
                await StopsAsync(process, expected);
            }

            await _hsm.EndAsync(process);
        }

        // Whatever the HSM did, the next one serves all that was acknowledged, or says why not.
        var next = row.Stopped(change);
        await StartsAsync(expected.Serves && expected != ReadAtTheStart ? expected : next, acknowledged, orRefuses: !expected.Serves);
    }

    private async Task StopsAsync(HsmProcess process, Verdict expected)
    {
        try
        {
            Says(expected, await _hsm.StoppedAsync(process));
        }
        catch (HsmUnreachableException) when (expected.MayDie)
        {
            await process.ExitAsync();
        }
    }

    private async Task StartsAsync(Verdict expected, IReadOnlyList<string> acknowledged, bool orRefuses = false)
    {
        var (process, state, cause) = await _hsm.StartAsync();
        await using (process)
        {
            if (state != HsmState.Active)
            {
                Assert.True(orRefuses || !expected.Serves, $"not served: {cause}");
                Assert.NotEmpty(cause);
                if (!orRefuses)
                {
                    Says(expected, cause);
                }

                return;
            }

            Assert.True(orRefuses || expected.Serves || expected.OrUnused, $"served, although {expected.Says}");
            Assert.Equal(acknowledged, await _hsm.ContentsAsync());
            process.Signal("TERM");
            await process.ExitAsync();
            if (expected.IsOfTheLog)
            {
                Assert.True(LogSaysSo() || process.Log.Contains("are lost", StringComparison.Ordinal), "the log verifies");
            }
        }
    }

    private static void Says(Verdict expected, string cause) => Assert.Contains(expected.Says.Split('|'), text => cause.Contains(text, StringComparison.Ordinal));

    private bool LogSaysSo()
    {
        X509Certificate2[] certificates = [.. ((string[])["owner-hardware.crt", "manufacturer-hardware.crt"]).Select(name => X509Certificate2.CreateFromPem(File.ReadAllText(PathOf(name))))];
        return LogVerifier.Verify(PathOf("audit"), certificates) is { Findings.Count: > 0 } or { Notes.Count: > 0 };
    }

    private void Apply(string name, FileChange change)
    {
        var path = PathOf(name);
        switch (change)
        {
            case FileChange.Removed:
                File.Delete(path);
                break;
            case FileChange.Cut:
                FileTampering.Truncate(path, name == "store.db" ? PageSize : new FileInfo(path).Length / 2); // the second half may be the history, which is not read at the start
                break;
            case FileChange.OneBit:
                FileTampering.Flip(path, name == "hsm.json" ? 0 : new FileInfo(path).Length / 3, 2);
                break;
            case FileChange.Exchanged:
                FileTampering.Rename(path, File.ReadAllBytes(_hsm.Yesterday(path)));
                break;
            default:
                FileTampering.Overwrite(path, File.ReadAllBytes(_hsm.Yesterday(path)));
                break;
        }
    }

    // Every segment before the open one is closed; whether it is compressed by now is the log's affair.
    private string NameInTable(string file)
    {
        if (!Path.GetFileName(file).StartsWith("segment-", StringComparison.Ordinal))
        {
            return file;
        }

        var path = Path.Combine(_hsm.State, file);
        return path == PathOf(NextSegment) ? NextSegment : path == PathOf(OpenSegment) ? OpenSegment : ClosedSegment;
    }

    private string PathOf(string name)
    {
        var segments = LogFiles.Segments(Path.Combine(_hsm.State, "audit"));
        return name switch
        {
            ClosedSegment => segments[0].Path,
            OpenSegment => segments.Last(segment => new FileInfo(segment.Path).Length > 0).Path,
            NextSegment => segments[^1].Path,
            _ when name.StartsWith("store.db", StringComparison.Ordinal) => Path.Combine(Path.GetDirectoryName(_hsm.Store)!, name),
            _ => Path.Combine(_hsm.State, name),
        };
    }
}
