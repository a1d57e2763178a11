using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.OpenSsl;

/// <summary>openssl s_server serves TLS with a key of the HSM.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class TlsServerTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly Scratch _scratch = new();

    [Theory]
    [InlineData("rsa:2048", "s-server-rsa", "5e41")]
    [InlineData("EC:secp384r1", "s-server-ec", "5e4e")]
    public void Handshakes_of_both_versions_succeed(string keyType, string label, string id)
    {
        var environment = EngineConfiguration.Write(_scratch, deployment);
        var key = $"pkcs11:token={deployment.TokenLabel};object={label};type=private";
        deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", keyType, "--usage-sign", "--id", id, "--label", label).MustSucceed();
        Programs.Run("openssl", ["req", "-x509", "-engine", "pkcs11", "-keyform", "engine", "-key", key, "-subj", "/CN=localhost", "-days", "30", "-out", _scratch["certificate.pem"]], environment).MustSucceed();
        using var server = new OpenSslServer(_scratch, _scratch["certificate.pem"], environment, "-engine", "pkcs11", "-keyform", "engine", "-key", key);
        var before = deployment.Signatures();
        server.Get("-tls1_2");
        server.Get("-tls1_3");
        Assert.Equal(before + 2, deployment.Signatures());
    }

    public void Dispose() => _scratch.Dispose();
}
