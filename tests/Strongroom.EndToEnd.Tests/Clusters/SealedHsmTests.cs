using System.Diagnostics;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Clusters;

/// <summary>A cluster whose HSM is unsealed by a passphrase, made by hand with <c>strongroom cluster</c>, the customer's CA being the openssl program.</summary>
public sealed class SealedHsmTests : IDisposable
{
    private const string Passphrase = "correct horse battery staple";
    private readonly Deployment _deployment = new();
    private readonly Scratch _scratch = new();

    [Fact]
    public void It_is_sealed_after_every_start_until_the_HSM_itself_is_given_the_passphrase()
    {
        var code = Bear();
        Claim();
        var password = _scratch.Write("password", "admin-password\n");
        _deployment.StrongroomWith($"{code}\nadmin-password\n", "cluster", "activate").MustSucceed();
        _deployment.StrongroomWith("admin-password\nuser-password\n", "cluster", "create-user", "--name", "app", "--role", "crypto-user").MustSucceed();
        Assert.Equal("active", State());

        Process.GetProcessById(_deployment.HsmPid()).Kill();
        Waiting.Until(() => State() == "sealed", "the HSM is back and sealed");
        var status = _deployment.Strongroom("status");
        Assert.Equal(1, status.ExitCode);
        var unseal = $"strongroom-hsm unseal --state {StateDirectory()}";
        Assert.Contains(unseal, status.Output, StringComparison.Ordinal);
        _deployment.Strongroom("cluster", "list-users").MustFail("seal");

        Unseal("a wrong passphrase").MustFail("passphrase");
        Assert.Equal("sealed", State());

        Unseal(Passphrase).MustSucceed();
        Waiting.Until(() => State() == "active", "the HSM is active");
        Assert.Contains("app", _deployment.Strongroom("cluster", "list-users").MustSucceed().Output, StringComparison.Ordinal);
        _deployment.Strongroom("cluster", "change-password", "--name", "app", "--as-password-file", password, "--password-file", _scratch.Write("new", "other-password\n")).MustSucceed();
        _deployment.Strongroom("cluster", "delete-user", "--name", "app", "--as-password-file", password).MustSucceed();
        Assert.DoesNotContain("app", _deployment.Strongroom("cluster", "list-users").MustSucceed().Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _deployment.Dispose();
        _scratch.Dispose();
    }

    // Creates the cluster; returns its activation code.
    private string Bear()
    {
        _deployment.Strongroom("cluster", "create", "--root-of-trust", "passphrase").MustFail("no roots");
        Programs.Run(Path.Combine(Programs.Repository, "strongroom"), ["ceremony", "create", "--no-passphrase", "--out", _scratch["roots"]]).MustSucceed();
        string[] create = ["cluster", "create", "--root-of-trust", "passphrase", "--ceremony", _scratch["roots"], "--json"];
        var waits = _deployment.StrongroomWith(Passphrase + "\n", create);
        if (waits.ExitCode != 0)
        {
            waits.MustFail("unseal --state");
            Unseal(Passphrase).MustSucceed();
            var cluster = _deployment.OnlyHsm().GetProperty("cluster").GetString()!;
            waits = _deployment.Strongroom([.. create, "--cluster", cluster]);
        }

        using var birth = System.Text.Json.JsonDocument.Parse(waits.MustSucceed().Output);
        Assert.Equal("uninitialized", State());
        return birth.RootElement.GetProperty("activation_code").GetString()!;
    }

    private void Claim()
    {
        _deployment.Strongroom("cluster", "csr", "--out", _scratch["cluster.csr"]).MustSucceed();
        OpenSslCommand.Run("req", "-x509", "-newkey", "rsa:3072", "-noenc", "-subj", "/CN=Test CA", "-days", "30", "-keyout", _scratch["ca.key"], "-out", _scratch["ca.crt"]).MustSucceed();
        OpenSslCommand.Run("x509", "-req", "-in", _scratch["cluster.csr"], "-CA", _scratch["ca.crt"], "-CAkey", _scratch["ca.key"], "-CAcreateserial", "-days", "30", "-out", _scratch["cluster.crt"]).MustSucceed();

        // Another CA than the one that signed: no claim.
        OpenSslCommand.Run("req", "-x509", "-newkey", "rsa:3072", "-noenc", "-subj", "/CN=Other CA", "-days", "30", "-keyout", _scratch["other.key"], "-out", _scratch["other.crt"]).MustSucceed();
        _deployment.Strongroom("cluster", "initialize", "--signed-cert", _scratch["cluster.crt"], "--trust-anchor", _scratch["other.crt"]).MustFail("refused");

        _deployment.Strongroom("cluster", "initialize", "--signed-cert", _scratch["cluster.crt"], "--trust-anchor", _scratch["ca.crt"]).MustSucceed();
        Assert.Equal("initialized", State());
    }

    private string State() => _deployment.OnlyHsm().GetProperty("state").GetString()!;

    private string StateDirectory() => Path.Combine(_deployment.Dir, "hsms", _deployment.OnlyHsm().GetProperty("hsm").GetString()!);

    private Finished Unseal(string passphrase) =>
        Programs.Run(Path.Combine(_deployment.Dir, "bin", "strongroom-hsm"), ["unseal", "--state", StateDirectory(), "--passphrase-stdin"], input: passphrase + "\n");
}
