using System.Security.Cryptography;
using System.Text;
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
            var accepted = await control.AcceptStoreAsync([KeptHsm.Word("admin")], Cancel);
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
            await control.AcceptStoreAsync([KeptHsm.Word("admin")], Cancel);
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
    public async Task With_a_quorum_it_takes_as_many_different_admins_each_with_the_second_factor()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using (var before = await _hsm.RunAsync())
        {
            await AskForTwoAsync(key);
            await _hsm.EndAsync(before);
        }

        var yesterday = await File.ReadAllBytesAsync(_hsm.Store, Cancel);
        await using (var today = await _hsm.RunAsync())
        {
            await _hsm.CreateUserAsync("later");
            await _hsm.EndAsync(today);
        }

        await File.WriteAllBytesAsync(_hsm.Store, yesterday, Cancel);
        var (process, state, _) = await _hsm.StartAsync();
        await using (process)
        {
            Assert.Equal(HsmState.Unaccepted, state);
            await RefusedAsync("2 different admins", KeptHsm.Word("admin"));
            await RefusedAsync("2 different admins", KeptHsm.Word("admin"), KeptHsm.Word("admin"));
            var asked = await RefusedAsync("second factor: sign", KeptHsm.Word("admin"), KeptHsm.Word("second"));
            var said = SHA256.HashData(Encoding.UTF8.GetBytes(asked.Split('\'')[1]));
            await RefusedAsync("no unlocked admin", KeptHsm.Word("admin"), KeptHsm.Word("second", other.SignHash(said, DSASignatureFormat.Rfc3279DerSequence)));
            await using var control = Control();
            await control.AcceptStoreAsync([KeptHsm.Word("admin"), KeptHsm.Word("second", key.SignHash(said, DSASignatureFormat.Rfc3279DerSequence))], Cancel);
            await _hsm.CreateUserAsync("after");
            var details = string.Join('\n', _hsm.AuditDetails());
            Assert.Contains("by admin: the store at", details, StringComparison.Ordinal);
            Assert.Contains("by second: the store at", details, StringComparison.Ordinal);
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
            await Assert.ThrowsAsync<HsmRefusedException>(() => control.AcceptStoreAsync([KeptHsm.Word("admin")], Cancel));
        }
    }

    // A second admin, with a second factor, and two admins' words for what changes the cluster.
    private async Task AskForTwoAsync(ECDsa key)
    {
        await using var admin = await _hsm.AdminAsync("admin");
        using var first = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await admin.CreateUserAsync("second", Role.Admin, KeptHsm.AdminPassword, Cancel);
        var challenge = await admin.BeginQuorumRegistrationAsync(Cancel);
        await admin.RegisterQuorumKeyAsync(first.ExportSubjectPublicKeyInfo(), challenge, first.SignData(challenge.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence), Cancel);
        await using (var second = await _hsm.AdminAsync("second"))
        {
            var factor = await second.BeginMfaRegistrationAsync("second", Role.Admin, Cancel);
            await second.ChangeMfaAsync(new("second", (ulong)Role.Admin, ChangeQuorum: true, key.ExportSubjectPublicKeyInfo(), factor, key.SignHash(factor.Span, DSASignatureFormat.Rfc3279DerSequence), null), Cancel);
        }

        await admin.SetQuorumValueAsync(QuorumService.Quorum, 2, Cancel);
    }

    private async Task<string> RefusedAsync(string says, params WireAdminWord[] words)
    {
        await using var control = Control();
        var refused = await Assert.ThrowsAsync<HsmRefusedException>(() => control.AcceptStoreAsync(words, Cancel));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }

    private ControlClient Control() => new(Path.Combine(_hsm.State, "control.sock"));
}
