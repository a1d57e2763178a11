using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Backups;

/// <summary>A cluster of one HSM with a passphrase, by the real process, and its backup, made while it served. Shared by the tests of a class, which leave it as it is.</summary>
public sealed class BackedUpHsm : IAsyncLifetime
{
    internal const string Passphrase = "the first host's passphrase";
    internal const string Admin = "adminpassword";
    private readonly TestFolder _folder = new();
    private readonly TestAuthority _customer = new("customer");
    private readonly IPAddress _address = TestHsm.RandomLoopback();
    private string _certificate = "";

    internal string Backup => _folder.File("cluster.backup");

    internal string State => _folder.File("h");

    internal BackupReply Made { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await TestHsm.CreateAsync(State, _address, "passphrase", Passphrase + "\n");
        await using var hsm = await HsmProcess.RunAsync(State);
        await using var control = new ControlClient(Path.Combine(State, "control.sock"));
        await control.UnsealAsync(Encoding.UTF8.GetBytes(Passphrase));
        await TestHsm.CertifyAsync(control);
        var code = await control.CreateClusterAsync(TestHsm.Cluster, "NON_FIPS");
        _certificate = _customer.Sign((await control.GetCertificatesAsync()).ClusterCsr);
        await Assert.ThrowsAsync<HsmRefusedException>(() => control.BackupAsync(Backup));
        await control.InitializeAsync(_certificate, _customer.Pem);
        await using (var client = Client(_address))
        {
            await client.ActivateAsync(Encoding.ASCII.GetBytes(code), Encoding.ASCII.GetBytes(Admin));
            await client.LoginAsync(UserType.So, "admin", Encoding.ASCII.GetBytes(Admin));
            await client.CreateUserAsync("kept", Role.CryptoUser, "userpassword"u8.ToArray());
            Made = await control.BackupAsync(Backup);
            await client.CreateUserAsync("made_after_the_backup", Role.CryptoUser, "userpassword"u8.ToArray());
        }
    }

    public ValueTask DisposeAsync()
    {
        _customer.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A client that knows the cluster from before, and where it serves now.</summary>
    internal HsmClient Client(IPAddress address)
    {
        using var certificate = X509Certificate2.CreateFromPem(_certificate);
        return new HsmClient(new HsmClientOptions
        {
            ClusterId = TestHsm.Cluster,
            Hsms = [new IPEndPoint(address, 2223)],
            Trust = TestHsm.Trust(_customer, ClusterTrust.KeySha256(certificate)),
            ReachWithin = TimeSpan.FromSeconds(20),
        });
    }
}
