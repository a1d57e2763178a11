using System.Net;
using System.Text;
using Strongroom.Audit;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Tampering;

/// <summary>An active cluster of one HSM, stopped and kept: each test takes a copy of its store and state directory, changes something, and starts the real process on it.</summary>
public sealed class KeptHsm : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly IPAddress _address = TestHsm.RandomLoopback();
    private readonly TestAuthority _customer = new("customer");

    public async ValueTask InitializeAsync()
    {
        await TestHsm.CreateAsync(State, _address);
        await using (var hsm = await HsmProcess.RunAsync(State))
        {
            await using var control = new ControlClient(Path.Combine(State, "control.sock"));
            await TestHsm.CertifyAsync(control);
            var code = await control.CreateClusterAsync(TestHsm.Cluster, "NON_FIPS");
            var certificate = _customer.Sign((await control.GetCertificatesAsync()).ClusterCsr);
            await control.InitializeAsync(certificate, _customer.Pem);
            await ActivateAsync(code, certificate);
            hsm.Signal("TERM");
            await hsm.ExitAsync();
        }

        // Yesterday ends here; today another start of the HSM adds records.
        Copy(_folder.File("yesterday"), State);
        await using var today = await HsmProcess.RunAsync(State);
        await today.WaitForAsync(State, description => description.State == (ulong)HsmState.Active);
        await CreateUsersAsync();
        today.Signal("TERM");
        await today.ExitAsync();
        Copy(_folder.File("today"), State);
    }

    public ValueTask DisposeAsync()
    {
        _customer.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The state directory that the HSM runs on.</summary>
    internal string State => _folder.File("h");

    /// <summary>The database that it runs on.</summary>
    internal string Store => Path.Combine(State + ".store", "store.db");

    /// <summary>A file as it was yesterday.</summary>
    internal string Yesterday(string path) => path.Replace(State, Path.Combine(_folder.File("yesterday"), "h"), StringComparison.Ordinal);

    /// <summary>Store and state directory as they were when the HSM was last stopped.</summary>
    internal void Reset()
    {
        Directory.Delete(State, recursive: true);
        Directory.Delete(State + ".store", recursive: true);
        Copy(Path.GetDirectoryName(State)!, Path.Combine(_folder.File("today"), "h"));
    }

    /// <summary>Starts the HSM and waits until it serves or says why not.</summary>
    internal async Task<(HsmProcess Process, HsmState State, string Cause)> StartAsync()
    {
        var process = HsmProcess.Start(["run", "--state", State, "--exit-with-parent"]);
        try
        {
            var description = await process.WaitForAsync(State, at => at.State is (ulong)HsmState.Active or (ulong)HsmState.Failed or (ulong)HsmState.Unaccepted or (ulong)HsmState.Blank or (ulong)HsmState.Uninitialized);
            return (process, (HsmState)description.State, description.Cause);
        }
        catch (HsmUnreachableException)
        {
            // It did not come as far as its control socket; then its last line says why.
            await process.ExitAsync();
            return (process, HsmState.Failed, process.Log);
        }
    }

    /// <summary>A running HSM that served until something was done to it: waits for the reason why it stopped.</summary>
    internal async Task<string> StoppedAsync(HsmProcess process) => (await process.WaitForAsync(State, at => at.State == (ulong)HsmState.Failed)).Cause;

    /// <summary>Adds a user, a commit of the store.</summary>
    internal async Task CreateUserAsync(string name)
    {
        await using var client = new HsmClient(Options());
        await client.LoginAsync(UserType.So, "admin", "adminpassword"u8.ToArray());
        await client.CreateUserAsync(name, Role.CryptoUser, "userpassword"u8.ToArray());
    }

    /// <summary>The users that the HSM serves.</summary>
    internal async Task<IEnumerable<string>> UsersAsync()
    {
        await using var client = new HsmClient(Options());
        return (await client.ListUsersAsync()).Select(user => user.Name).Order();
    }

    /// <summary>What the audit log says beside its events.</summary>
    internal IReadOnlyList<string> AuditDetails() => [.. SegmentEntries.Of(Path.Combine(State, "audit")).Select(entry => entry.Event.Detail)];

    private async Task CreateUsersAsync()
    {
        foreach (var name in (string[])["today", "tomorrow"])
        {
            await CreateUserAsync(name);
        }
    }

    private async Task ActivateAsync(string code, string certificate)
    {
        _certificate = certificate;
        await using var client = new HsmClient(Options());
        await client.ActivateAsync(Encoding.ASCII.GetBytes(code), "adminpassword"u8.ToArray());
    }

    private string _certificate = "";

    private HsmClientOptions Options()
    {
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(_certificate);
        return new HsmClientOptions { ClusterId = TestHsm.Cluster, Hsms = [new IPEndPoint(_address, 2223)], Trust = TestHsm.Trust(_customer, ClusterTrust.KeySha256(certificate)), ReachWithin = TimeSpan.FromSeconds(20) };
    }

    private static void Copy(string to, string state)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in (string[])[state, state + ".store"])
        {
            using var copy = System.Diagnostics.Process.Start("cp", ["-a", folder, to]);
            copy.WaitForExit();
            Assert.Equal(0, copy.ExitCode);
        }
    }
}
