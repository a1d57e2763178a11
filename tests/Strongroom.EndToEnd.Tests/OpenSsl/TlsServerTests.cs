using System.Diagnostics;
using System.Text.RegularExpressions;
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
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", "exec openssl s_server -accept 127.0.0.1:0 -engine pkcs11 -keyform engine -key \"$1\" -cert \"$2\" -www >\"$3\" 2>&1", "sh", key, _scratch["certificate.pem"], _scratch["log"]]);
        start.Environment["OPENSSL_CONF"] = environment["OPENSSL_CONF"];
        start.Environment["STRONGROOM_PKCS11_CONFIG"] = environment["STRONGROOM_PKCS11_CONFIG"];
        using var server = Process.Start(start)!;
        try
        {
            // It writes the port that it was given: "ACCEPT 127.0.0.1:40809".
            var accept = Match.Empty;
            Waiting.Until(() => (accept = Regex.Match(Log(), @"(?m)^ACCEPT .*:(\d+)$")).Success || server.HasExited, "s_server listens", TimeSpan.FromSeconds(60));
            Assert.True(accept.Success, Log());
            var before = deployment.Signatures();

            foreach (var version in (string[])["-tls1_2", "-tls1_3"])
            {
                var client = Programs.Run(
                    "openssl",
                    ["s_client", "-connect", $"127.0.0.1:{accept.Groups[1].Value}", version, "-CAfile", _scratch["certificate.pem"], "-verify_return_error", "-ign_eof"],
                    input: "GET / HTTP/1.0\r\n\r\n").MustSucceed();
                Assert.Contains("Verify return code: 0 (ok)", client.Output, StringComparison.Ordinal);
                Assert.Contains("HTTP/1.0 200 ok", client.Output, StringComparison.Ordinal);
            }

            Assert.Equal(before + 2, deployment.Signatures());
        }
        finally
        {
            server.Kill();
            server.WaitForExit();
        }
    }

    public void Dispose() => _scratch.Dispose();

    private string Log() => File.Exists(_scratch["log"]) ? File.ReadAllText(_scratch["log"]) : "";
}
