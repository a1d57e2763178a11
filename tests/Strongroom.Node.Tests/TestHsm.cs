using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strongroom.Client;

namespace Strongroom.Node;

/// <summary>A cluster of one HSM with an active admin, born as a customer would have it born. Shared by the tests of a class.</summary>
public sealed class TestHsm : IAsyncLifetime
{
    public const string Hsm = "hsm-testtesttes";
    public const string Cluster = "cluster-testtesttes";
    private readonly TestFolder _folder = new();
    private HsmProcess? _process;
    private string? _clusterCertificate;

    internal HsmProcess Process => _process!;

    internal TestAuthority Customer { get; } = new("customer");

    internal string State => _folder.File("h");

    internal IPEndPoint EndPoint { get; } = new(RandomLoopback(), 2223);

    internal HsmClientOptions Options => new()
    {
        ClusterId = Cluster,
        Hsms = [EndPoint],
        Trust = Trust(Customer, ClusterTrust.KeySha256(X509Certificate2.CreateFromPem(_clusterCertificate))),
        ReachWithin = TimeSpan.FromSeconds(20),
    };

    public async ValueTask InitializeAsync()
    {
        await CreateAsync(State, EndPoint.Address);
        _process = await HsmProcess.RunAsync(State);
        await using var control = new ControlClient(Path.Combine(State, "control.sock"));
        await CertifyAsync(control);
        var code = await control.CreateClusterAsync(Cluster, Mode);
        _clusterCertificate = Customer.Sign((await control.GetCertificatesAsync()).ClusterCsr);
        await control.InitializeAsync(_clusterCertificate, Customer.Pem);
        await using var client = new HsmClient(Options);
        await client.ActivateAsync(Encoding.ASCII.GetBytes(code), "adminpassword"u8.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        Customer.Dispose();
        _folder.Dispose();
    }

    /// <summary>The cluster's.</summary>
    internal string Mode { get; init; } = "FIPS";

    internal string Folder => _folder.Path;

    /// <summary>Reads one number of /metrics.</summary>
    internal async Task<long> MetricAsync(string name)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri($"http://{EndPoint.Address}:9223/metrics"), TestContext.Current.CancellationToken);
        return long.Parse(text.Split('\n').Single(l => l.StartsWith(name + " ", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until so many connections are open.</summary>
    internal async Task WaitForConnectionsAsync(long count)
    {
        for (var i = 0; i < 1500 && await MetricAsync("strongroom_connections") != count; i++)
        {
            await Task.Delay(20);
        }

        Assert.Equal(count, await MetricAsync("strongroom_connections"));
    }

    internal async Task RestartAsync()
    {
        Process.Kill();
        await Process.ExitAsync();
        await Process.DisposeAsync();
        _process = await HsmProcess.RunAsync(State);
        await _process.WaitForAsync(State, description => description.State == (ulong)Wire.HsmState.Active);
    }

    internal static ClusterTrust Trust(TestAuthority authority, string? keySha256) => new([X509Certificate2.CreateFromPem(authority.Pem)], keySha256);

    internal static async Task CreateAsync(string state, IPAddress address, string rootOfTrust = "file", string? passphrase = null)
    {
        string[] arguments = ["create", "--state", state, "--hsm", Hsm, "--address", address.ToString(), "--store", state + ".store/store.db", "--root-of-trust", rootOfTrust];
        var (code, error) = await HsmProcess.DoAsync(passphrase is null ? arguments : [.. arguments, "--passphrase-stdin"], passphrase);
        Assert.True(code == 0, error);
    }

    internal static async Task CertifyAsync(ControlClient control)
    {
        using var owner = new TestAuthority("owner root");
        using var manufacturer = new TestAuthority("manufacturer root");
        var request = await control.GetIdentityRequestAsync();
        await control.InstallIdentityAsync(owner.Sign(request, authority: true), manufacturer.Sign(request, authority: true));
    }

    // All of 127.0.0.0/8 is ours; tests that run at the same time draw different addresses.
    internal static IPAddress RandomLoopback() => new([127, (byte)RandomNumberGenerator.GetInt32(16, 250), (byte)RandomNumberGenerator.GetInt32(0, 256), (byte)RandomNumberGenerator.GetInt32(1, 255)]);
}
