using System.Diagnostics;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.WebServers;

/// <summary>Web servers under ab and h2load while they are reloaded every second: nothing fails, and every handshake costs the HSM one signature.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class ReloadTests(QuickstartDeployment deployment)
{
    private static readonly TimeSpan Soak = Environment.GetEnvironmentVariable("STRONGROOM_SOAK") == "1" ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;

    [Theory]
    [InlineData("nginx")]
    [InlineData("prefork")]
    [InlineData("event")]
    public async Task Handshakes_are_signatures_and_none_fails_through_the_pkcs11_engine(string server)
    {
        using var keys = new Pkcs11EngineKeys(deployment);
        await ReloadUnderLoadAsync(keys, server);
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("prefork")]
    [InlineData("event")]
    public async Task Handshakes_are_signatures_and_none_fails_through_the_cloudhsm_engine(string server)
    {
        using var keys = new CloudHsmEngineKeys(deployment);
        await ReloadUnderLoadAsync(keys, server);
    }

    private async Task ReloadUnderLoadAsync(ServerKeys keys, string kind)
    {
        using WebServer server = kind == "nginx" ? new NginxServer(keys) : new ApacheServer(keys, kind);
        var before = deployment.Signatures();
        using var end = new CancellationTokenSource();

        var loads = Task.WhenAll(
            Again(() => LoadTools.Ab(server.EcPort, "TLS1.2"), end.Token),
            Again(() => LoadTools.Ab(server.EcPort, "TLS1.3"), end.Token),
            Again(() => LoadTools.Ab(server.RsaPort, "TLS1.2"), end.Token),
            Again(() => LoadTools.Ab(server.RsaPort, "TLS1.3"), end.Token),
            Again(() => LoadTools.H2Load(server.EcPort), end.Token),
            Again(() => LoadTools.H2Load(server.RsaPort), end.Token));
        var reloads = 0;
        for (var began = Stopwatch.GetTimestamp(); !loads.IsCompleted && (reloads < 2 || Stopwatch.GetElapsedTime(began) < Soak); reloads++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            server.Reload();
        }

        await end.CancelAsync();
        var handshakes = (await loads).Sum() * LoadTools.Requests;
        TestContext.Current.SendDiagnosticMessage("{0}: {1} handshakes, {2} reloads", kind, handshakes, reloads);
        Assert.True(before + handshakes == deployment.Signatures(), $"{handshakes} handshakes, {deployment.Signatures() - before} signatures\n{server.ErrorLog}");
    }

    // Until the end, and at least once; the number of rounds.
    private static Task<int> Again(Action load, CancellationToken end) => Task.Run(
        () =>
        {
            var rounds = 0;
            do
            {
                load();
                rounds++;
            }
            while (!end.IsCancellationRequested);
            return rounds;
        },
        CancellationToken.None);
}
