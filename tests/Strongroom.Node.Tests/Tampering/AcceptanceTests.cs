using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Tampering;

/// <summary>A store that was rolled back is served again only after an admin said so, once for this one store.</summary>
public sealed class AcceptanceTests : IClassFixture<KeptHsm>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly KeptHsm _hsm;

    public AcceptanceTests(KeptHsm hsm)
    {
        _hsm = hsm;
        _hsm.Reset();
    }

    [Fact]
    public async Task It_begins_an_epoch_survives_a_kill_and_is_in_the_audit_log()
    {
        File.Copy(_hsm.Yesterday(_hsm.Store), _hsm.Store, overwrite: true);
        var (process, state, _) = await _hsm.StartAsync();
        await using (process)
        {
            Assert.Equal(HsmState.Unaccepted, state);
            await using var control = Control();
            var accepted = await control.AcceptStoreAsync("admin", "adminpassword"u8.ToArray(), Cancel);
            Assert.Equal(2UL, accepted.NewEpoch);
            process.Kill();
            await process.ExitAsync();
        }

        var (again, serves, _) = await _hsm.StartAsync();
        await using (again)
        {
            Assert.Equal(HsmState.Active, serves);
            await _hsm.CreateUserAsync("today");
            Assert.Contains("by admin: the store at epoch 1", string.Join('\n', _hsm.AuditDetails()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Put_back_again_the_accepted_store_is_refused_again()
    {
        File.Copy(_hsm.Yesterday(_hsm.Store), _hsm.Store, overwrite: true);
        var (process, _, _) = await _hsm.StartAsync();
        await using (process)
        {
            await using var control = Control();
            await control.AcceptStoreAsync("admin", "adminpassword"u8.ToArray(), Cancel);
            await _hsm.CreateUserAsync("after");
        }

        File.Copy(_hsm.Yesterday(_hsm.Store), _hsm.Store, overwrite: true);
        File.Delete(_hsm.Store + "-wal");
        File.Delete(_hsm.Store + "-shm");
        var (again, state, cause) = await _hsm.StartAsync();
        await using (again)
        {
            Assert.Equal(HsmState.Unaccepted, state);
            Assert.Contains("rolled back", cause, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_damaged_store_can_not_be_accepted()
    {
        FileTampering.Truncate(_hsm.Store, new FileInfo(_hsm.Store).Length / 2);
        var (process, state, _) = await _hsm.StartAsync();
        await using (process)
        {
            Assert.Equal(HsmState.Failed, state);
            await using var control = Control();
            await Assert.ThrowsAsync<HsmRefusedException>(() => control.AcceptStoreAsync("admin", "adminpassword"u8.ToArray(), Cancel));
        }
    }

    private ControlClient Control() => new(Path.Combine(_hsm.State, "control.sock"));
}
