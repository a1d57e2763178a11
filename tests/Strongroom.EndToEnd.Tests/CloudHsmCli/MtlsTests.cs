using System.Text.Json.Nodes;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>cluster mtls with certificates of openssl's, and the PKCS#11 library in a cluster that enforces them; on a deployment of its own.</summary>
public sealed class MtlsTests(QuickstartDeployment deployment) : IClassFixture<QuickstartDeployment>
{
    private readonly CommandLine _cli = new(deployment);

    [Fact]
    public void A_cluster_that_enforces_mtls_serves_programs_that_are_configured_with_a_certificate_and_no_others()
    {
        using var scratch = new Scratch();
        Client(scratch, "client", Anchor(scratch, "ca", 2));
        var anchor = _cli.AsAdmin("cluster", "mtls", "register-trust-anchor", "--path", scratch["ca.crt"]).GetProperty("trust_anchor");
        Assert.Equal(["certificate-reference", "certificate", "cluster-coverage"], anchor.EnumerateObject().Select(property => property.Name));
        Assert.Equal("0x01", anchor.GetProperty("certificate-reference").GetString());
        Assert.Equal("none", _cli.AsUser("cluster", "mtls", "get-enforcement").GetProperty("mtls-enforcement-level").GetString());
        Assert.Contains("has shown a certificate", _cli.Refused(["cluster", "mtls", "set-enforcement", "--level", "cluster"], "admin", _cli.AdminPin), StringComparison.Ordinal);

        using var admin = new InteractiveShell(deployment, WithCertificate("STRONGROOM_CLI_CONFIG", scratch));
        admin.LogIn("admin", _cli.AdminPin);
        Assert.Equal("Mtls enforcement level set to Cluster successfully", admin.Data("cluster", "mtls", "set-enforcement", "--level", "cluster").GetProperty("message").GetString());
        Assert.Equal(1, _cli.Run(["key", "list"], null, null).ExitCode);
        Assert.NotEqual(0, deployment.Pkcs11("--list-objects").ExitCode);
        var variables = new Dictionary<string, string>(deployment.Variables) { ["STRONGROOM_PKCS11_CONFIG"] = WithCertificate("STRONGROOM_PKCS11_CONFIG", scratch) };
        Programs.Run("pkcs11-tool", ["--module", deployment.Module, "--token-label", deployment.TokenLabel, "--login", "--pin", "env:STRONGROOM_PIN", "--list-objects"], variables).MustSucceed();

        Assert.Equal("cluster", admin.Data("cluster", "mtls", "get-enforcement").GetProperty("mtls-enforcement-level").GetString());
        Assert.Single(admin.Data("cluster", "mtls", "list-trust-anchors").GetProperty("trust_anchors").EnumerateArray());
        Assert.Contains("the only one", admin.Refused("cluster", "mtls", "deregister-trust-anchor", "--certificate-reference", "0x01"), StringComparison.Ordinal);
        Assert.Equal("Mtls enforcement level set to None successfully", admin.Data("cluster", "mtls", "set-enforcement", "--level", "none").GetProperty("message").GetString());
        Assert.Equal(
            "Trust anchor with reference 0x01 deregistered successfully", _cli.AsAdmin("cluster", "mtls", "deregister-trust-anchor", "--certificate-reference", "1").GetProperty("message").GetString());
    }

    [Fact]
    public void A_client_moves_to_another_certificate_and_to_another_anchor_while_the_cluster_goes_on()
    {
        using var scratch = new Scratch();
        var first = Client(scratch, "first", Anchor(scratch, "old", 2));
        var renewed = Client(scratch, "renewed", scratch["old"]);
        var moved = Client(scratch, "moved", Anchor(scratch, "new", 2));
        _cli.AsAdmin("cluster", "mtls", "register-trust-anchor", "--path", scratch["old.crt"]);
        var configuration = new Dictionary<string, string>(deployment.Variables) { ["STRONGROOM_CLI_CONFIG"] = scratch.Write("cli.cfg", File.ReadAllText(deployment.Variables["STRONGROOM_CLI_CONFIG"])) };
        Show(first);
        using var admin = new InteractiveShell(deployment, configuration["STRONGROOM_CLI_CONFIG"]);
        admin.LogIn("admin", _cli.AdminPin);
        admin.Data("cluster", "mtls", "set-enforcement", "--level", "cluster");
        Works();

        // Another certificate under the same anchor.
        Show(renewed);
        Works();

        // Another anchor beside the first: under the one that is not there yet nobody comes in.
        Show(moved);
        Assert.Equal(1, Programs.Run(CommandLine.Executable, ["user", "list"], configuration).ExitCode);
        admin.Data("cluster", "mtls", "register-trust-anchor", "--path", scratch["new.crt"]);
        Works();

        // Without the first anchor its clients go, those that are connected too: the connection that took it out came in under it.
        using var late = new InteractiveShell(deployment, configuration["STRONGROOM_CLI_CONFIG"]);
        late.LogIn("admin", _cli.AdminPin);
        using var old = new InteractiveShell(deployment, With(first));
        old.LogIn("admin", _cli.AdminPin);
        Assert.Single(old.Data("key", "list", "--filter", "attr.label=nothing").EnumerateObject(), member => member.Name == "total_key_count");
        late.Data("cluster", "mtls", "deregister-trust-anchor", "--certificate-reference", "0x01");
        Assert.NotEmpty(old.Refused("key", "list", "--filter", "attr.label=nothing"));
        Works();
        Show(renewed);
        Assert.Equal(1, Programs.Run(CommandLine.Executable, ["user", "list"], configuration).ExitCode);
        late.Data("cluster", "mtls", "set-enforcement", "--level", "none");
        late.Data("cluster", "mtls", "deregister-trust-anchor", "--certificate-reference", "0x02");

        void Show(string name) => Programs.Run(
            Path.Combine(deployment.Dir, "bin", "configure-cli"), ["--client-cert-hsm-tls-file", name + ".crt", "--client-key-hsm-tls-file", name + ".key", "--config-file", configuration["STRONGROOM_CLI_CONFIG"]], configuration).MustSucceed();

        void Works() => CommandLine.Data(Programs.Run(CommandLine.Executable, ["key", "list", "--filter", "attr.label=nothing"], configuration));

        string With(string name)
        {
            var (now, other) = (File.ReadAllText(configuration["STRONGROOM_CLI_CONFIG"]), scratch["other.cfg"]);
            Show(name);
            File.Copy(configuration["STRONGROOM_CLI_CONFIG"], other);
            File.WriteAllText(configuration["STRONGROOM_CLI_CONFIG"], now);
            return other;
        }
    }

    [Theory]
    [InlineData(6, 7)]
    [InlineData(29, 30)]
    [InlineData(59, 60)]
    [InlineData(61, 0)]
    public void An_anchor_that_ends_soon_is_warned_of(int days, int within)
    {
        using var scratch = new Scratch();
        var reference = _cli.AsAdmin("cluster", "mtls", "register-trust-anchor", "--path", Anchor(scratch, "ca", days) + ".crt").GetProperty("trust_anchor").GetProperty("certificate-reference").GetString()!;
        var name = $"client-ca-{Convert.ToInt32(reference, 16)}";
        try
        {
            var health = _cli.AsUser("cluster", "health");
            Assert.Equal(within == 0 ? "ok" : "warning", health.GetProperty("status").GetString());
            if (within > 0)
            {
                Assert.Contains($"the {name} certificate ends within {within} days", health.GetProperty("warnings").ToString(), StringComparison.Ordinal);
            }

            Assert.Equal(within * 86400, deployment.Metric("strongroom_certificate_expiry_warning_seconds", $"certificate=\"{name}\""));
            Assert.InRange(deployment.Metric("strongroom_certificate_expiry_timestamp_seconds", $"certificate=\"{name}\""), DateTimeOffset.UtcNow.AddDays(days - 1).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddDays(days).ToUnixTimeSeconds());
        }
        finally
        {
            _cli.AsAdmin("cluster", "mtls", "deregister-trust-anchor", "--certificate-reference", reference);
        }
    }

    private static string Anchor(Scratch scratch, string name, int days)
    {
        OpenSslCommand.Run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", scratch[name + ".key"], "-out", scratch[name + ".crt"], "-subj", "/CN=" + name, "-days", $"{days}").MustSucceed();
        return scratch[name];
    }

    private static string Client(Scratch scratch, string name, string anchor)
    {
        OpenSslCommand.Run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", scratch[name + ".key"], "-out", scratch[name + ".csr"], "-subj", "/CN=" + name).MustSucceed();
        OpenSslCommand.Run("x509", "-req", "-in", scratch[name + ".csr"], "-CA", anchor + ".crt", "-CAkey", anchor + ".key", "-CAcreateserial", "-out", scratch[name + ".crt"], "-days", "1").MustSucceed();
        return scratch[name];
    }

    // The configuration of the deployment, with the client's certificate added as configure-* writes it.
    private string WithCertificate(string variable, Scratch scratch)
    {
        var document = JsonNode.Parse(File.ReadAllText(deployment.Variables[variable]))!;
        var entry = document["clusters"]![0]!;
        var cluster = entry["cluster"] ?? entry;
        (cluster["client_cert_path"], cluster["client_key_path"]) = (scratch["client.crt"], scratch["client.key"]);
        return scratch.Write(variable, document.ToJsonString());
    }
}
