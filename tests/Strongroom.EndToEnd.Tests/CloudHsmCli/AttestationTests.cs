using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>key attest: verified offline by openssl alone and by key attest verify.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class AttestationTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly CommandLine _cli;
    private readonly string _customer;
    private readonly string _label = "att-" + Guid.NewGuid().ToString("N")[..12];

    public AttestationTests(QuickstartDeployment deployment)
    {
        _cli = new CommandLine(deployment);
        _customer = Path.Combine(deployment.Dir, "customer");
        _cli.AsUser("key", "generate-asymmetric-pair", "ec", "--curve", "secp256r1", "--public-label", _label, "--private-label", _label, "--private-attributes", "sign=true", "extractable=false");
        _cli.AsUser("key", "attest", "--filter", "attr.label=" + _label, "attr.class=private-key", "--path", Folder, "--nonce", "0x0102");
    }

    private string Folder => _scratch["attestation"];

    private string Statement => Path.Combine(Folder, "statement.json");

    public void Dispose()
    {
        _cli.AsUser("key", "delete", "--filter", "attr.label=" + _label, "attr.class=private-key");
        _cli.AsUser("key", "delete", "--filter", "attr.label=" + _label, "attr.class=public-key");
        _scratch.Dispose();
    }

    [Fact]
    public void Openssl_alone_verifies_both_signatures_and_both_chains_and_the_statement_says_what_the_key_is()
    {
        foreach (var (who, hash) in new[] { ("hsm", "-sha384"), ("cluster", "-sha256") })
        {
            _scratch.Write("key.pem", OpenSslCommand.Run("x509", "-in", Path.Combine(Folder, who + ".crt"), "-noout", "-pubkey").MustSucceed().Output);
            OpenSslCommand.Run("dgst", hash, "-verify", _scratch["key.pem"], "-signature", Path.Combine(Folder, who + ".sig"), Statement).MustSucceed();
        }

        OpenSslCommand.Run("verify", "-CAfile", Path.Combine(_customer, "owner-root.crt"), Path.Combine(Folder, "hsm.crt")).MustSucceed();
        OpenSslCommand.Run("verify", "-CAfile", Path.Combine(_customer, "customerCA.crt"), Path.Combine(Folder, "cluster.crt")).MustSucceed();

        var key = JsonDocument.Parse(File.ReadAllText(Statement)).RootElement.GetProperty("key");
        var attributes = key.GetProperty("attributes");
        Assert.Equal(("CKO_PRIVATE_KEY", "CKK_EC"), (attributes.GetProperty("CKA_CLASS").GetString(), attributes.GetProperty("CKA_KEY_TYPE").GetString()));
        Assert.Equal((false, true, true), (attributes.GetProperty("CKA_EXTRACTABLE").GetBoolean(), attributes.GetProperty("CKA_NEVER_EXTRACTABLE").GetBoolean(), attributes.GetProperty("CKA_LOCAL").GetBoolean()));
        Assert.False(attributes.TryGetProperty("CKA_VALUE", out _));
        _cli.AsUser("key", "generate-file", "--encoding", "pem", "--path", _scratch["public.pem"], "--filter", "attr.label=" + _label, "attr.class=public-key");
        Assert.Equal(File.ReadAllText(_scratch["public.pem"]).Trim(), key.GetProperty("public-key").GetString()!.Trim());
    }

    [Theory]
    [InlineData("owner-root.crt")]
    [InlineData("manufacturer-root.crt")]
    public void Our_own_verification_agrees_under_either_root_without_the_HSM(string root)
    {
        var verified = Verify(root);
        Assert.Equal("Attestation verified successfully", verified.GetProperty("message").GetString());
        Assert.Equal("0102", verified.GetProperty("statement").GetProperty("nonce").GetString());
    }

    [Fact]
    public void A_changed_statement_another_nonce_and_another_root_are_refused()
    {
        Assert.Contains("nonce", Refused("owner-root.crt", "0103"), StringComparison.Ordinal);
        Assert.Contains("does not hold under", Refused("customerCA.crt", "0102"), StringComparison.Ordinal);
        var statement = File.ReadAllText(Statement);
        File.WriteAllText(Statement, statement.Replace("\"CKA_EXTRACTABLE\": false", "\"CKA_EXTRACTABLE\": true ", StringComparison.Ordinal));
        Assert.Contains("not the HSM's identity's", Refused("owner-root.crt", "0102"), StringComparison.Ordinal);
        File.WriteAllText(Statement, statement);
        File.Copy(Path.Combine(Folder, "hsm.sig"), Path.Combine(Folder, "cluster.sig"), overwrite: true);
        Assert.Contains("not the cluster's", Refused("owner-root.crt", "0102"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_admin_who_may_not_read_keys_gets_no_statement() =>
        _cli.Refused(["key", "attest", "--filter", "attr.label=" + _label, "attr.class=private-key", "--path", _scratch["x"]], "admin", _cli.AdminPin);

    private string[] Arguments(string root, string nonce) =>
        ["key", "attest", "verify", "--path", Folder, "--hardware-root", Path.Combine(_customer, root), "--hsm-ca-cert", Path.Combine(_customer, "customerCA.crt"), "--nonce", nonce];

    // Neither configuration nor login.
    private JsonElement Verify(string root) => CommandLine.Data(Programs.Run(CommandLine.Executable, Arguments(root, "0102"), new Dictionary<string, string> { ["STRONGROOM_CLI_CONFIG"] = "/nowhere" }));

    private string Refused(string root, string nonce) => _cli.Refused(Arguments(root, nonce));
}
