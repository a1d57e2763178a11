using System.Net;
using System.Security.Cryptography;
using System.Text;
using Strongroom.Client;
using Strongroom.Node.Tampering;
using Strongroom.Wire;

namespace Strongroom.Node.Backups;

/// <summary>A backup goes into a new HSM, the host of the old one being gone.</summary>
public sealed class RestoreTests(BackedUpHsm lost) : IClassFixture<BackedUpHsm>, IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly TestFolder _folder = new();
    private readonly IPAddress _address = TestHsm.RandomLoopback();
    private HsmProcess? _hsm;

    private string State => _folder.File("new");

    private HsmProcess Hsm => _hsm!;

    private static byte[] Passphrase => Encoding.UTF8.GetBytes(BackedUpHsm.Passphrase);

    private static byte[] Admin => Encoding.ASCII.GetBytes(BackedUpHsm.Admin);

    public async ValueTask InitializeAsync()
    {
        await TestHsm.CreateAsync(State, _address);
        _hsm = await HsmProcess.RunAsync(State);
        await using var control = Control();
        await TestHsm.CertifyAsync(control);
    }

    public async ValueTask DisposeAsync()
    {
        await Hsm.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_serves_what_was_backed_up_once_an_admin_has_accepted_it()
    {
        await using var control = Control();
        await control.RestoreAsync(lost.Backup, Passphrase, "", Cancel);
        var waiting = await control.DescribeAsync(Cancel);
        Assert.Equal((ulong)HsmState.Unaccepted, waiting.State);
        Assert.Contains("restored from a backup", waiting.Cause, StringComparison.Ordinal);

        // So it is after a restart, too: nobody has accepted it yet.
        await RestartAsync();
        await Hsm.WaitForAsync(State, at => at.State == (ulong)HsmState.Unaccepted);
        await using var again = Control();
        await Assert.ThrowsAsync<HsmRefusedException>(() => again.AcceptStoreAsync([new("admin", "not the password"u8.ToArray(), default)], Cancel));
        await Assert.ThrowsAsync<HsmRefusedException>(() => again.AcceptStoreAsync([new("kept", "userpassword"u8.ToArray(), default)], Cancel));
        var accepted = await again.AcceptStoreAsync([new("admin", Admin, default)], Cancel);
        Assert.Equal((lost.Made.Epoch, lost.Made.Sequence, lost.Made.Epoch + 1), (accepted.Epoch, accepted.Sequence, accepted.NewEpoch));
        await AssertServesAsync();

        // For good.
        await RestartAsync();
        var serving = await Hsm.WaitForAsync(State, at => at.State is (ulong)HsmState.Active or (ulong)HsmState.Unaccepted);
        Assert.Equal(((ulong)HsmState.Active, accepted.NewEpoch), (serving.State, serving.Epoch));
        await using var after = Control();
        await Assert.ThrowsAsync<HsmRefusedException>(() => after.AcceptStoreAsync([new("admin", Admin, default)], Cancel));
    }

    [Fact]
    public async Task The_program_of_the_HSM_hands_over_the_passphrase()
    {
        var (wrong, said) = await HsmProcess.DoAsync(["restore", "--state", State, "--backup", lost.Backup, "--passphrase-stdin"], "not the passphrase\n");
        Assert.Equal((1, true), (wrong, said.Contains("passphrase is wrong", StringComparison.Ordinal)));
        var (right, error) = await HsmProcess.DoAsync(["restore", "--state", State, "--backup", lost.Backup, "--passphrase-stdin"], BackedUpHsm.Passphrase + "\n");
        Assert.True(right == 0, error);
        await Hsm.WaitForAsync(State, at => at.State == (ulong)HsmState.Unaccepted);
        Assert.DoesNotContain(BackedUpHsm.Passphrase, Hsm.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lies_in_the_file_opens_with_the_passphrase_alone()
    {
        var bytes = await File.ReadAllBytesAsync(lost.Backup, TestContext.Current.CancellationToken);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(lost.Backup));
        Assert.StartsWith($"strongroom-backup 1 {TestHsm.Cluster} {TestHsm.Hsm} NON_FIPS passphrase ", Encoding.ASCII.GetString(bytes, 0, 100), StringComparison.Ordinal);
        foreach (var text in (string[])["users/", "crypto-user", "objects/", "BEGIN CERTIFICATE", "admin"])
        {
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)));
        }

        await using var control = Control();
        await Assert.ThrowsAsync<HsmRefusedException>(() => control.RestoreAsync(lost.Backup, "not the passphrase"u8.ToArray(), "", Cancel));
        await Assert.ThrowsAsync<HsmRefusedException>(() => control.RestoreAsync(lost.Backup, default, Path.Combine(State, "root.key"), Cancel));
        Assert.Equal((ulong)HsmState.Blank, (await control.DescribeAsync(Cancel)).State);
    }

    [Fact]
    public async Task A_backup_that_was_changed_cut_or_lengthened_is_refused_and_the_HSM_stays_blank()
    {
        await using var control = Control();
        var length = new FileInfo(lost.Backup).Length;
        var copy = _folder.File("changed");
        Action[] changes =
        [
            () => FileTampering.Truncate(copy, length - 1),
            () => FileTampering.Truncate(copy, length / 2),
            () => File.AppendAllText(copy, "x"),
            () => FileTampering.Flip(copy, length - 10, 0),
            () => FileTampering.Flip(copy, length * 2 / 3, RandomNumberGenerator.GetInt32(8)),
            () => FileTampering.Flip(copy, 30, 0), // the cluster's name in the first line
        ];
        foreach (var change in changes)
        {
            File.Copy(lost.Backup, copy, overwrite: true);
            change();
            await Assert.ThrowsAsync<HsmRefusedException>(() => control.RestoreAsync(copy, Passphrase, "", Cancel));
            Assert.Equal((ulong)HsmState.Blank, (await control.DescribeAsync(Cancel)).State);
        }

        await control.RestoreAsync(lost.Backup, Passphrase, "", Cancel);
        Assert.Equal((ulong)HsmState.Unaccepted, (await control.DescribeAsync(Cancel)).State);
    }

    [Fact]
    public async Task A_backup_overwrites_nothing_and_an_HSM_with_a_cluster_takes_none()
    {
        await using var control = Control();
        await control.RestoreAsync(lost.Backup, Passphrase, "", Cancel);
        await control.AcceptStoreAsync([new("admin", Admin, default)], Cancel);
        await Assert.ThrowsAsync<HsmRefusedException>(() => control.BackupAsync(lost.Backup, Cancel));
        await Assert.ThrowsAsync<HsmRefusedException>(() => control.BackupAsync("relative.backup", Cancel));
        await Assert.ThrowsAsync<HsmRefusedException>(() => control.BackupAsync(_folder.File("no-such-folder/x"), Cancel));
        await Assert.ThrowsAsync<HsmRefusedException>(() => control.RestoreAsync(lost.Backup, Passphrase, "", Cancel));

        // A backup of what was restored, with this HSM's root of trust.
        var own = _folder.File("own.backup");
        Assert.True((await control.BackupAsync(own, Cancel)).Records >= lost.Made.Records);
        Assert.False(File.Exists(own + ".new"));
    }

    private async Task AssertServesAsync()
    {
        await using var client = lost.Client(_address);
        await client.LoginAsync(UserType.So, "admin", Admin);
        Assert.Equal(["admin", "kept"], (await client.ListUsersAsync()).Select(user => user.Name).Order());
        await client.CreateUserAsync("made_after_the_restore", Role.CryptoUser, "userpassword"u8.ToArray());
        await client.DeleteUserAsync("made_after_the_restore", Role.CryptoUser);
    }

    private ControlClient Control() => new(Path.Combine(State, "control.sock"));

    private async Task RestartAsync()
    {
        Hsm.Kill();
        await Hsm.ExitAsync();
        await Hsm.DisposeAsync();
        _hsm = await HsmProcess.RunAsync(State);
    }
}
