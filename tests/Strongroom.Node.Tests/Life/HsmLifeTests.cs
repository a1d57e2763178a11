using System.Diagnostics;
using System.Text;
using Strongroom.Client;
using Strongroom.Node.Data;
using Strongroom.Wire;

namespace Strongroom.Node.Life;

/// <summary>Each step of an HSM's life, by the real process.</summary>
public sealed class HsmLifeTests : IDisposable
{
    private const string Passphrase = "correct horse battery";
    private readonly TestFolder _folder = new();

    private string State => _folder.File("h");

    private string Socket => Path.Combine(State, "control.sock");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_hsm_with_a_passphrase_waits_sealed_until_it_is_given()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback(), "passphrase", Passphrase + "\n");
        await using var hsm = await HsmProcess.RunAsync(State);
        await using var control = new ControlClient(Socket);
        var sealedHsm = await control.DescribeAsync(Cancel);
        Assert.Equal((ulong)HsmState.Sealed, sealedHsm.State);
        Assert.NotEmpty(sealedHsm.Cause);
        await Assert.ThrowsAsync<HsmRefusedException>(() => control.GetIdentityRequestAsync(Cancel));

        var watch = Stopwatch.StartNew();
        var (wrong, error) = await HsmProcess.DoAsync(["unseal", "--state", State, "--passphrase-stdin"], "not the passphrase\n");
        Assert.Equal(1, wrong);
        Assert.Contains("wrong", error, StringComparison.Ordinal);
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(1));

        // From a shell whose environment is not clean, too: it starts itself anew without it.
        var (right, _) = await HsmProcess.DoAsync(["unseal", "--state", State, "--passphrase-stdin"], Passphrase + "\n", ("OPENSSL_CONF", "/tmp/x"));
        Assert.Equal(0, right);
        Assert.Equal((ulong)HsmState.Blank, (await control.DescribeAsync(Cancel)).State);
        Assert.DoesNotContain(Passphrase, hsm.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_root_of_trust_says_at_every_start_that_it_is_for_development()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback());
        await using var hsm = await HsmProcess.RunAsync(State);
        await hsm.WaitForAsync(State, d => d.State == (ulong)HsmState.Blank);
        Assert.True(await DataListenerTests.Eventually(() => hsm.Log.Contains("DEVELOPMENT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_ends_with_its_parent()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback());
        await using var hsm = await HsmProcess.RunAsync(State);
        hsm.CloseInput();
        Assert.Equal(0, await hsm.ExitAsync());
    }

    [Fact]
    public async Task Sigterm_ends_it_cleanly()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback());
        await using var hsm = await HsmProcess.RunAsync(State);
        await hsm.WaitForAsync(State, d => d.State == (ulong)HsmState.Blank);
        hsm.Signal("TERM");
        Assert.Equal(0, await hsm.ExitAsync());
        Assert.False(File.Exists(Socket));
    }

    [Fact]
    public async Task Steps_out_of_their_order_are_refused_with_their_reason()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback());
        await using var hsm = await HsmProcess.RunAsync(State);
        await hsm.WaitForAsync(State, d => d.State == (ulong)HsmState.Blank);
        await using var control = new ControlClient(Socket);
        using var customer = new TestAuthority("customer");
        await RefusedAsync("hardware certificates", () => control.CreateClusterAsync(TestHsm.Cluster, "FIPS", Cancel));
        await RefusedAsync("no cluster", () => control.InitializeAsync(customer.Pem, customer.Pem, Cancel));
        await RefusedAsync("not sealed", () => control.UnsealAsync(new byte[12], Cancel));
        await TestHsm.CertifyAsync(control);
        await RefusedAsync("already", () => TestHsm.CertifyAsync(control));
        await RefusedAsync("mode", () => control.CreateClusterAsync(TestHsm.Cluster, "SOMETIMES", Cancel));
        var store = State + ".store/store.db";
        Directory.CreateDirectory(State + ".store");
        await File.WriteAllTextAsync(store, "somebody's", Cancel);
        await RefusedAsync("store", () => control.CreateClusterAsync(TestHsm.Cluster, "FIPS", Cancel));
        File.Delete(store);
        await RefusedAsync("cluster id", () => control.CreateClusterAsync("cluster-../x", "FIPS", Cancel));
        await control.CreateClusterAsync(TestHsm.Cluster, "NON_FIPS", Cancel);
        await RefusedAsync("member", () => control.CreateClusterAsync("cluster-bbbbbbbbbbb", "FIPS", Cancel));
    }

    [Fact]
    public async Task Hardware_certificates_that_do_not_fit_are_refused()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback());
        await using var hsm = await HsmProcess.RunAsync(State);
        await hsm.WaitForAsync(State, d => d.State == (ulong)HsmState.Blank);
        await using var control = new ControlClient(Socket);
        using var owner = new TestAuthority("owner");
        using var manufacturer = new TestAuthority("manufacturer");
        var request = await control.GetIdentityRequestAsync(Cancel);
        var good = owner.Sign(request, authority: true);
        await RefusedAsync("another key", () => control.InstallIdentityAsync(owner.Pem, manufacturer.Sign(request, authority: true), Cancel));
        await RefusedAsync("CA:TRUE", () => control.InstallIdentityAsync(good, manufacturer.Sign(request), Cancel));
        await RefusedAsync("same root", () => control.InstallIdentityAsync(good, good, Cancel));
        await RefusedAsync("subject", () => control.InstallIdentityAsync(good, manufacturer.Sign(request, authority: true, subject: "CN=other"), Cancel));
        await RefusedAsync("not valid now", () => control.InstallIdentityAsync(good, manufacturer.Sign(request, authority: true, to: DateTimeOffset.UtcNow.AddMinutes(-1)), Cancel));
        await control.InstallIdentityAsync(good, manufacturer.Sign(request, authority: true), Cancel);
    }

    [Fact]
    public async Task Both_chains_of_the_hsm_certificate_hold_for_openssl_and_its_key_is_the_csrs()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback());
        await using var hsm = await HsmProcess.RunAsync(State);
        await hsm.WaitForAsync(State, d => d.State == (ulong)HsmState.Blank);
        await using var control = new ControlClient(Socket);
        using var owner = new TestAuthority("owner");
        using var manufacturer = new TestAuthority("manufacturer");
        var request = await control.GetIdentityRequestAsync(Cancel);
        await control.InstallIdentityAsync(owner.Sign(request, authority: true), manufacturer.Sign(request, authority: true), Cancel);
        await control.CreateClusterAsync(TestHsm.Cluster, "FIPS", Cancel);
        var certificates = await control.GetCertificatesAsync(Cancel);
        var csr = Write("cluster.csr", certificates.ClusterCsr);
        var certificate = Write("hsm.crt", certificates.HsmCertificate);
        Assert.Equal(0, OpenSsl("verify", "-CAfile", Write("o.crt", owner.Pem), "-untrusted", Write("oh.crt", certificates.OwnerHardwareCertificate), certificate).Code);
        Assert.Equal(0, OpenSsl("verify", "-CAfile", Write("m.crt", manufacturer.Pem), "-untrusted", Write("mh.crt", certificates.ManufacturerHardwareCertificate), certificate).Code);
        Assert.NotEqual(0, OpenSsl("verify", "-CAfile", _folder.File("o.crt"), "-untrusted", _folder.File("mh.crt"), certificate).Code);
        Assert.Equal(OpenSsl("req", "-in", csr, "-noout", "-pubkey").Output, OpenSsl("x509", "-in", certificate, "-noout", "-pubkey").Output);
    }

    [Fact]
    public async Task A_claim_that_does_not_fit_is_refused_and_changes_nothing()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback());
        await using var hsm = await HsmProcess.RunAsync(State);
        await hsm.WaitForAsync(State, d => d.State == (ulong)HsmState.Blank);
        await using var control = new ControlClient(Socket);
        await TestHsm.CertifyAsync(control);
        await control.CreateClusterAsync(TestHsm.Cluster, "FIPS", Cancel);
        using var customer = new TestAuthority("customer");
        using var other = new TestAuthority("other");
        var csr = (await control.GetCertificatesAsync(Cancel)).ClusterCsr;
        await RefusedAsync("public key", () => control.InitializeAsync(customer.Pem, customer.Pem, Cancel));
        await RefusedAsync("does not hold", () => control.InitializeAsync(other.Sign(csr), customer.Pem, Cancel));
        await RefusedAsync("does not hold", () => control.InitializeAsync(customer.Sign(csr, to: DateTimeOffset.UtcNow.AddMinutes(-1)), customer.Pem, Cancel));
        await RefusedAsync("does not hold", () => control.InitializeAsync(customer.Sign(csr, from: DateTimeOffset.UtcNow.AddHours(1)), customer.Pem, Cancel));
        await RefusedAsync("signed certificate", () => control.InitializeAsync("nonsense", customer.Pem, Cancel));
        Assert.Equal((ulong)HsmState.Uninitialized, (await control.DescribeAsync(Cancel)).State);
        await control.InitializeAsync(customer.Sign(csr), customer.Pem, Cancel);
        Assert.Equal((ulong)HsmState.Initialized, (await control.DescribeAsync(Cancel)).State);
        Assert.Empty((await control.GetCertificatesAsync(Cancel)).ClusterCsr);
        await RefusedAsync("already", () => control.InitializeAsync(customer.Sign(csr), customer.Pem, Cancel));
    }

    [Fact]
    public async Task A_changed_state_directory_is_refused_and_named_in_its_status()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback());
        var file = Path.Combine(State, "identity-key.sealed");
        var bytes = await File.ReadAllBytesAsync(file, Cancel);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancel);
        await using var hsm = await HsmProcess.RunAsync(State);
        var failed = await hsm.WaitForAsync(State, d => d.State == (ulong)HsmState.Failed);
        Assert.Contains("identity-key.sealed", failed.Cause, StringComparison.Ordinal);
        Assert.Equal(3, await hsm.ExitAsync());
        Assert.Contains("identity-key.sealed", hsm.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_control_socket_is_its_owners_alone_and_can_not_be_asked_for_keys()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback());
        await using var hsm = await HsmProcess.RunAsync(State);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(State));
        foreach (var function in Enum.GetValues<Function>().Where(f => (ulong)f < 200))
        {
            Assert.Null(Control.ControlFunctions.Find(function));
        }
    }

    public void Dispose() => _folder.Dispose();

    private static async Task RefusedAsync(string cause, Func<Task> step) => Assert.Contains(cause, (await Assert.ThrowsAsync<HsmRefusedException>(step)).Cause, StringComparison.Ordinal);

    private static (int Code, string Output) OpenSsl(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text, Encoding.ASCII);
        return _folder.File(name);
    }
}
