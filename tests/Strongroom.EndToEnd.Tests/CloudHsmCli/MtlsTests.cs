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
        OpenSslCommand.Run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", scratch["ca.key"], "-out", scratch["ca.crt"], "-subj", "/CN=clients", "-days", "2").MustSucceed();
        OpenSslCommand.Run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", scratch["client.key"], "-out", scratch["client.csr"], "-subj", "/CN=client").MustSucceed();
        OpenSslCommand.Run("x509", "-req", "-in", scratch["client.csr"], "-CA", scratch["ca.crt"], "-CAkey", scratch["ca.key"], "-CAcreateserial", "-out", scratch["client.crt"], "-days", "1").MustSucceed();
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
