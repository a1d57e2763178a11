using System.Net;
using System.Text;
using Strongroom.Audit;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Tampering;

/// <summary>An active cluster of one HSM, stopped and kept: each test takes a copy of its store and state directory, changes something, and starts the real process on it.</summary>
public class KeptHsm : IAsyncLifetime
{
    private static readonly byte[] Yes = [1];

    /// <summary>Of every admin.</summary>
    internal static readonly byte[] AdminPassword = "adminpassword"u8.ToArray();
    private readonly TestFolder _folder = new();
    private readonly IPAddress _address = TestHsm.RandomLoopback();
    private readonly TestAuthority _customer = new("customer");

    public async ValueTask InitializeAsync()
    {
        await TestHsm.CreateAsync(State, _address);
        var morning = await HsmProcess.RunAsync(State);
        await using (var control = new ControlClient(Path.Combine(State, "control.sock")))
        {
            await TestHsm.CertifyAsync(control);
            var code = await control.CreateClusterAsync(TestHsm.Cluster, "NON_FIPS");
            var certificate = _customer.Sign((await control.GetCertificatesAsync()).ClusterCsr);
            await control.InitializeAsync(certificate, _customer.Pem);
            await ActivateAsync(code, certificate);
        }

        await CreateUserAsync(Owner);
        await MakeKeyAsync("of yesterday");
        await using (var afternoon = await NoonAsync(morning))
        {
            await MakeKeyAsync("deleted");
            await EndAsync(afternoon);
        }

        // Yesterday ends here; today another start of the HSM adds records and removes one.
        Copy(_folder.File("yesterday"), State);
        morning = await RunAsync();
        foreach (var name in (string[])["today", "tomorrow"])
        {
            await CreateUserAsync(name);
        }

        await using var today = await NoonAsync(morning);
        await MakeKeyAsync("of today");
        await DestroyKeyAsync("deleted");
        await EndAsync(today);
        Copy(_folder.File("today"), State);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _customer.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Who owns the keys.</summary>
    internal const string Owner = "owner";

    /// <summary>What was acknowledged until the second day's end.</summary>
    internal virtual IReadOnlyList<string> Acknowledged => ["user admin", "user owner", "user today", "user tomorrow", "key of today", "key of yesterday"];

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
        await using var client = await AdminAsync("admin");
        await client.CreateUserAsync(name, Role.CryptoUser, "userpassword"u8.ToArray());
    }

    /// <summary>A client with an admin's login.</summary>
    internal async Task<HsmClient> AdminAsync(string name)
    {
        var client = new HsmClient(Options());
        await client.LoginAsync(UserType.So, name, AdminPassword);
        return client;
    }

    /// <summary>An admin's word that a store is accepted.</summary>
    internal static WireAdminWord Word(string admin, byte[]? signature = null) => new(admin, AdminPassword, signature);

    /// <summary>Makes a token key, a commit of the store.</summary>
    internal async Task MakeKeyAsync(string label)
    {
        await using var client = await OwnerAsync();
        await using var session = await client.OpenSessionAsync(readWrite: true);
        await session.GenerateKeyAsync(new(0x1080, 0, null, null, null, null, null, null, null), [new(1, Yes, null), new(3, Encoding.ASCII.GetBytes(label), null), new(0x161, BitConverter.GetBytes(32UL), null), new(0x104, Yes, null)]);
    }

    /// <summary>The users and keys that the HSM serves; each key has been used.</summary>
    internal async Task<IReadOnlyList<string>> ContentsAsync()
    {
        await using var client = await OwnerAsync();
        var users = (await client.ListUsersAsync()).Select(user => $"user {user.Name}").Order(StringComparer.Ordinal);
        await using var session = await client.OpenSessionAsync(readWrite: false);
        var keys = new List<string>();
        foreach (var key in await session.FindAsync([]))
        {
            await session.PerformAsync(Use.Encrypt, new(0x1081, 0, null, null, null, null, null, null, null), key, new byte[16]);
            keys.Add($"key {Encoding.ASCII.GetString((await session.GetAttributesAsync(key, [3]))[0].Value!.Value.Span)}");
        }

        return [.. users, .. keys.Order(StringComparer.Ordinal)];
    }

    private async Task<HsmClient> OwnerAsync()
    {
        var client = new HsmClient(Options());
        await client.LoginAsync(UserType.User, Owner, "userpassword"u8.ToArray());
        return client;
    }

    private async Task DestroyKeyAsync(string label)
    {
        await using var client = await OwnerAsync();
        await using var session = await client.OpenSessionAsync(readWrite: true);
        await session.DestroyObjectAsync((await session.FindAsync([new(3, Encoding.ASCII.GetBytes(label), null)])).Single());
    }

    /// <summary>What the audit log says beside its events.</summary>
    internal IReadOnlyList<string> AuditDetails() => [.. SegmentEntries.Of(Path.Combine(State, "audit")).Select(entry => entry.Event.Detail)];

    /// <summary>An HSM that serves.</summary>
    internal async Task<HsmProcess> RunAsync()
    {
        var process = await HsmProcess.RunAsync(State);
        await process.WaitForAsync(State, description => description.State == (ulong)HsmState.Active);
        return process;
    }

    /// <summary>What happens in the middle of each of the two days: nothing. Gives the process that goes on.</summary>
    internal virtual Task<HsmProcess> NoonAsync(HsmProcess process) => Task.FromResult(process);

    /// <summary>How each of them ends.</summary>
    internal virtual async Task EndAsync(HsmProcess process)
    {
        process.Signal("TERM");
        await process.ExitAsync();
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
