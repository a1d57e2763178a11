using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>The cluster's certificate and the customer's CA change while an application goes on, and everybody is warned before one ends.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly QuickstartDeployment _deployment = new();
    private readonly CommandLine _cli;

    public CertificateTests() => _cli = new CommandLine(_deployment);

    private string OldCa => Path.Combine(_deployment.Dir, "customer", "customerCA.crt");

    public void Dispose()
    {
        _deployment.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void A_certificate_is_renewed_and_moves_to_another_CA_without_a_new_birth()
    {
        _cli.AsAdmin("cluster", "certificate", "request", "--path", _scratch["cluster.csr"]);
        Assert.Equal("ok", Health().GetProperty("status").GetString());

        // Under the same CA, for a month: everybody is warned.
        Sign(OldCa, Path.ChangeExtension(OldCa, ".key"), 29);
        Install(OldCa);
        Assert.Equal("warning", Health().GetProperty("status").GetString());
        Assert.Contains("the cluster certificate ends within 30 days", Warnings(), StringComparison.Ordinal);
        Assert.Equal(30 * 86400, _deployment.Metric("strongroom_certificate_expiry_warning_seconds", "certificate=\"cluster\""));
        Assert.Equal(0, _deployment.Metric("strongroom_certificate_expiry_warning_seconds", "certificate=\"hardware-owner\""));

        // Under another CA. A client that trusts both goes on; one that trusts the old one alone refuses.
        NewCa();
        Sign(_scratch["new-ca.crt"], _scratch["new-ca.key"], 6);
        File.WriteAllText(_scratch["both.crt"], File.ReadAllText(OldCa) + File.ReadAllText(_scratch["new-ca.crt"]));
        var old = Configuration("old.cfg", OldCa);
        var both = Configuration("both.cfg", _scratch["both.crt"]);
        Assert.Equal(0, Run(both, "user", "list").ExitCode);
        Install(_scratch["new-ca.crt"], "admin", both);
        Assert.Equal(0, Run(both, "user", "list").ExitCode);
        Run(old, "user", "list").MustFail("customer CA");
        Assert.Contains("ends within 7 days", JsonDocument.Parse(Run(both, "cluster", "health").Output).RootElement.ToString(), StringComparison.Ordinal);

        // The files of the library and of the program learn the new CA; a CA that does not hold is not written.
        Configure(old, "--hsm-ca-cert", _scratch["new-ca.crt"]).MustSucceed();
        Assert.Equal(0, Run(old, "user", "list").ExitCode);
        Configure(old, "--hsm-ca-cert", OldCa).MustFail("customer CA");
        Assert.Equal(0, Run(old, "user", "list").ExitCode);

        // It stays so over a restart: no birth, the same users and keys.
        var before = Run(old, "key", "list").Output;
        _deployment.Strongroom("stop").MustSucceed();
        _deployment.Strongroom("up").MustSucceed();
        Assert.Equal(before, Run(old, "key", "list").Output);
    }

    [Fact]
    public void What_does_not_hold_is_refused_and_the_certificate_stays()
    {
        _cli.AsAdmin("cluster", "certificate", "request", "--path", _scratch["cluster.csr"]);
        Assert.Contains("role", _cli.Refused(["cluster", "certificate", "request", "--path", _scratch["x"]]), StringComparison.Ordinal);
        var before = Health().GetProperty("hsms")[0].GetProperty("certificates").ToString();

        NewCa();
        Sign(_scratch["new-ca.crt"], _scratch["new-ca.key"], 30);
        Assert.Contains("does not hold under the trust anchor", Refused(_scratch["new.crt"], OldCa), StringComparison.Ordinal);
        Assert.Contains("public key is not the one", Refused(_scratch["new-ca.crt"], _scratch["new-ca.crt"]), StringComparison.Ordinal);
        Assert.Contains("no PEM certificate", Refused(_scratch.Write("none", "nothing"), OldCa), StringComparison.Ordinal);
        Assert.NotEmpty(_cli.Refused(["cluster", "certificate", "install", "--certificate", _scratch["new.crt"], "--trust-anchor", _scratch["new-ca.crt"]]));
        Assert.Equal(before, Health().GetProperty("hsms")[0].GetProperty("certificates").ToString());
    }

    private void NewCa() => OpenSslCommand.Run(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-noenc", "-days", "3000", "-subj", "/CN=the next CA", "-keyout", _scratch["new-ca.key"], "-out", _scratch["new-ca.crt"]).MustSucceed();

    private void Sign(string ca, string key, int days) => OpenSslCommand.Run(
        "x509", "-req", "-in", _scratch["cluster.csr"], "-CA", ca, "-CAkey", key, "-CAcreateserial", "-CAserial", _scratch["serial"], "-days", $"{days}", "-out", _scratch["new.crt"]).MustSucceed();

    private void Install(string anchor, string role = "admin", Dictionary<string, string>? environment = null)
    {
        string[] arguments = ["cluster", "certificate", "install", "--certificate", _scratch["new.crt"], "--trust-anchor", anchor];
        var run = new Dictionary<string, string>(environment ?? _deployment.Variables) { ["CLOUDHSM_ROLE"] = role, ["CLOUDHSM_PIN"] = _cli.AdminPin };
        Assert.Equal("Certificate installed successfully", CommandLine.Data(Programs.Run(CommandLine.Executable, arguments, run)).GetProperty("message").GetString());
    }

    private string Refused(string certificate, string anchor) => _cli.Refused(["cluster", "certificate", "install", "--certificate", certificate, "--trust-anchor", anchor], "admin", _cli.AdminPin);

    private JsonElement Health() => _cli.AsUser("cluster", "health");

    private string Warnings() => Health().GetProperty("warnings").ToString();

    private Dictionary<string, string> Configuration(string name, string ca)
    {
        var environment = new Dictionary<string, string>(_deployment.Variables) { ["STRONGROOM_CLI_CONFIG"] = _scratch[name] };
        Configure(environment, "-a", _deployment.Address(), "--hsm-ca-cert", ca).MustSucceed();
        return environment;
    }

    private Finished Configure(Dictionary<string, string> environment, params string[] arguments) => Programs.Run(Path.Combine(_deployment.Dir, "bin", "configure-cli"), arguments, environment);

    private static Finished Run(Dictionary<string, string> environment, params string[] arguments) => Programs.Run(CommandLine.Executable, arguments, environment);
}
