using Microsoft.Data.Sqlite;
using Strongroom.Wire;

namespace Strongroom.Node.Tampering;

/// <summary>Files are changed while the HSM is stopped: the real process refuses to serve and says what it found.</summary>
public sealed class StoppedHsmTests : IClassFixture<KeptHsm>
{
    private readonly KeptHsm _hsm;

    public StoppedHsmTests(KeptHsm hsm)
    {
        _hsm = hsm;
        _hsm.Reset();
    }

    public static TheoryData<string, string> Stores { get; } = new()
    {
        { "yesterday's", "rolled back" },
        { "yesterday's with its WAL", "rolled back" },
        { "cut to a half", "store.db" },
        { "empty", "store.db" },
        { "gone", "store.db: there is no such file" },
        { "a record removed", "1 of the" },
        { "the head of yesterday", "rolled back" },
        { "two records exchanged", "record 'users/crypto-user/" },
        { "a bit of a record changed", "record 'users/crypto-user/today'" },
        { "the head removed", "the head" },
    };

    [Fact]
    public async Task Untouched_it_serves() => Assert.Equal(HsmState.Active, (await StartedAsync()).State);

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_store_that_is_not_what_it_was(string change, string says)
    {
        ChangeStore(change);
        var (state, cause) = await StartedAsync();
        Assert.Contains(state, (HsmState[])[HsmState.Failed, HsmState.Unaccepted]);
        Assert.Contains(says, cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Yesterdays_anchor_and_yesterdays_store_are_the_one_thing_that_is_not_seen()
    {
        // docs/threat-model.md, second row.
        File.Copy(_hsm.Yesterday(_hsm.Store), _hsm.Store, overwrite: true);
        File.Copy(_hsm.Yesterday(Path.Combine(_hsm.State, "anchor")), Path.Combine(_hsm.State, "anchor"), overwrite: true);
        Assert.Equal(HsmState.Active, (await StartedAsync()).State);
    }

    [Fact(Explicit = true)]
    public async Task Any_bit_of_any_file_is_refused_or_was_provably_unused()
    {
        var seed = Environment.TickCount;
        Console.WriteLine($"{nameof(Any_bit_of_any_file_is_refused_or_was_provably_unused)}: seed {seed}");
#pragma warning disable CA5394 // which bit is no secret
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            _hsm.Reset();
            string[] files = [_hsm.Store, .. Directory.GetFiles(_hsm.State).Where(file => new FileInfo(file).Length > 0 && !file.EndsWith("hsm.json", StringComparison.Ordinal))];
            var path = files[random.Next(files.Length)];
            var (at, bit) = (random.NextInt64(new FileInfo(path).Length), random.Next(8));
#pragma warning restore CA5394
            FileTampering.Flip(path, at, bit);
            var (process, state, cause) = await _hsm.StartAsync();
            await using (process)
            {
                if (state == HsmState.Active)
                {
                    // A page of SQLite that holds nothing, say: then everything is what it was.
                    Assert.Equal(_hsm.Acknowledged, await _hsm.ContentsAsync());
                }
                else
                {
                    Assert.True(cause.Length > 0, $"{path}, byte {at}, bit {bit}: {state} without a cause");
                }
            }
        }
    }

    private async Task<(HsmState State, string Cause)> StartedAsync()
    {
        var (process, state, cause) = await _hsm.StartAsync();
        await using (process)
        {
            return (state, cause);
        }
    }

    private void ChangeStore(string change)
    {
        switch (change)
        {
            case "yesterday's":
                File.Copy(_hsm.Yesterday(_hsm.Store), _hsm.Store, overwrite: true);
                break;
            case "yesterday's with its WAL":
                File.Copy(_hsm.Yesterday(_hsm.Store), _hsm.Store, overwrite: true);
                File.WriteAllBytes(_hsm.Store + "-wal", []);
                File.Delete(_hsm.Store + "-shm");
                break;
            case "cut to a half":
                FileTampering.Truncate(_hsm.Store, new FileInfo(_hsm.Store).Length / 2);
                break;
            case "empty":
                FileTampering.Truncate(_hsm.Store, 0);
                break;
            case "gone":
                File.Delete(_hsm.Store);
                break;
            case "a record removed":
                Execute("DELETE FROM records WHERE path='users/crypto-user/today'");
                break;
            case "the head of yesterday":
                Execute($"ATTACH '{_hsm.Yesterday(_hsm.Store)}' AS old; UPDATE records SET value=(SELECT value FROM old.records WHERE path='head') WHERE path='head'; UPDATE state SET revision=revision");
                break;
            case "two records exchanged":
                Execute("UPDATE records SET value=(SELECT other.value FROM records other WHERE other.path IN ('users/crypto-user/today','users/crypto-user/tomorrow') AND other.path<>records.path) WHERE path IN ('users/crypto-user/today','users/crypto-user/tomorrow')");
                break;
            case "a bit of a record changed":
                Execute("UPDATE records SET value=substr(value,1,60) || x'00' || substr(value,62) WHERE path='users/crypto-user/today'");
                break;
            case "the head removed":
                Execute("DELETE FROM records WHERE path='head'");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, "no such change");
        }
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_hsm.Store};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the tests' own texts
        command.CommandText = sql;
#pragma warning restore CA2100
        Assert.True(command.ExecuteNonQuery() > 0, $"nothing was changed by {sql}");
    }
}
