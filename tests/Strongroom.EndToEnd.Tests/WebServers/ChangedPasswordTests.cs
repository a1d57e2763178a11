using System.Security.Authentication;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.WebServers;

/// <summary>A server that still has the old password of its user must not lock the user with it, however many workers and handshakes it has.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class ChangedPasswordTests(QuickstartDeployment deployment)
{
    private const string User = "web_server";
    private const int Handshakes = 8;

    [Fact]
    public async Task A_server_tries_a_changed_password_once_and_says_so()
    {
        var cli = new CloudHsmCli.CommandLine(deployment);
        cli.AsAdmin("user", "create", "--username", User, "--role", "crypto-user", "--password", "old-password-1");
        using var keys = new CloudHsmEngineKeys(deployment, $"{User}:old-password-1");
        using var nginx = new NginxServer(keys);
        var before = new HandshakeClient(nginx.EcPort, SslProtocols.Tls13, keys.CertificateOf(ServerKeys.Ec), ServerKeys.Ec);
        await before.RunAsync(Handshakes);
        Assert.True(before.Succeeded == Handshakes, string.Join('\n', before.Failures) + nginx.ErrorLog);

        cli.AsAdmin("user", "change-password", "--username", User, "--role", "crypto-user", "--password", "new-password-2");
        for (var reload = 0; reload < 2; reload++)
        {
            var after = new HandshakeClient(nginx.EcPort, SslProtocols.Tls13, keys.CertificateOf(ServerKeys.Ec), ServerKeys.Ec);
            await after.RunAsync(Handshakes);
            Assert.Equal(0, after.Succeeded);
            nginx.Reload();
        }

        Assert.Contains("it is not tried again", nginx.ErrorLog, StringComparison.Ordinal);

        // Not locked. What it lists are its own keys and everybody's public ones, which only their owners delete.
        foreach (var key in CloudHsmCli.CommandLine.Data(AsUser("key", "list", "--max-items", "10000")).GetProperty("matched_keys").EnumerateArray())
        {
            AsUser("key", "delete", "--filter", "key-reference=" + key.GetProperty("key-reference").GetString());
        }

        cli.AsAdmin("user", "delete", "--username", User, "--role", "crypto-user");

        Finished AsUser(params string[] arguments) => cli.Run(arguments, "crypto-user", $"{User}:new-password-2");
    }
}
