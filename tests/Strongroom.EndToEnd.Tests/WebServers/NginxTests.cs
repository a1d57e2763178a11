using System.Diagnostics;
using System.Security.Authentication;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.WebServers;

/// <summary>nginx serves TLS with keys of the HSM; what its clients count is what the HSM counts.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class NginxTests(QuickstartDeployment deployment)
{
    private const int Rounds = 25;

    [Fact]
    public async Task Every_handshake_succeeds_across_a_reload_and_costs_exactly_one_signature()
    {
        using var keys = new Pkcs11EngineKeys(deployment);
        using var nginx = new NginxServer(keys);
        var clients = Clients(nginx, keys);
        var before = deployment.Signatures();

        await Task.WhenAll(clients.Select(client => client.RunAsync(Rounds)));
        var duringReload = Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(Rounds))));
        nginx.Reload();
        await duringReload;
        await Task.WhenAll(clients.Select(client => client.RunAsync(Rounds)));

        AssertSucceeded(clients, 3 * Rounds, nginx);
        Assert.Equal(before + clients.Sum(client => client.Succeeded), deployment.Signatures());
    }

    [Fact]
    public async Task No_handshake_fails_when_the_HSM_is_killed_under_way()
    {
        using var keys = new Pkcs11EngineKeys(deployment);
        using var nginx = new NginxServer(keys);
        var clients = Clients(nginx, keys);
        var killed = deployment.HsmPid();

        var underWay = Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(2 * Rounds))));
        Waiting.Until(() => clients.All(client => client.Succeeded > 2), "every client has had answers");
        Process.GetProcessById(killed).Kill();
        await underWay;

        // All of those may have been over when it was killed.
        await Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(1))));
        AssertSucceeded(clients, (2 * Rounds) + 1, nginx);
        Assert.NotEqual(killed, deployment.HsmPid());
        Assert.True(deployment.Signatures() > 0, "the HSM that came back has signed nothing");
    }

    private static HandshakeClient[] Clients(NginxServer nginx, ServerKeys keys) =>
    [
        .. from version in new[] { SslProtocols.Tls12, SslProtocols.Tls13 }
           from server in new[] { (Port: nginx.EcPort, Label: ServerKeys.Ec), (Port: nginx.RsaPort, Label: ServerKeys.Rsa) }
           select new HandshakeClient(server.Port, version, keys.CertificateOf(server.Label), server.Label),
    ];

    private static void AssertSucceeded(HandshakeClient[] clients, int each, NginxServer nginx)
    {
        Assert.True(clients.All(client => client.Failures.Count == 0), string.Join('\n', clients.SelectMany(client => client.Failures)) + "\n" + nginx.ErrorLog);
        Assert.Equal(Enumerable.Repeat(each, clients.Length), clients.Select(client => client.Succeeded));
    }
}
