using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.OpenSsh;

/// <summary>OpenSSH shows keys of the HSM, logs in with them, and signs user certificates with a CA key that stays there.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class OpenSshTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly QuickstartDeployment _deployment;
    private readonly CryptoUser _user;
    private readonly Dictionary<string, string> _environment;

    public OpenSshTests(QuickstartDeployment deployment)
    {
        _deployment = deployment;
        _user = new CryptoUser(deployment, "ssh");
        var askPass = _scratch.Write("askpass", "#!/bin/sh\nprintf '%s\\n' \"$STRONGROOM_PIN\"\n");
        File.SetUnixFileMode(askPass, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _environment = new(_user.Variables) { ["SSH_ASKPASS"] = askPass, ["SSH_ASKPASS_REQUIRE"] = "force", ["DISPLAY"] = ":0" };
    }

    [Fact]
    public void Ssh_keygen_shows_the_public_keys()
    {
        MakeKey("rsa:2048", "ssh-rsa", "55a1");
        MakeKey("EC:prime256v1", "ssh-ec", "55e1");
        var keys = PublicKeys();
        Assert.Contains(keys, key => key.StartsWith("ssh-rsa ", StringComparison.Ordinal) && key.EndsWith(" ssh-rsa", StringComparison.Ordinal));
        Assert.Contains(keys, key => key.StartsWith("ecdsa-sha2-nistp256 ", StringComparison.Ordinal) && key.EndsWith(" ssh-ec", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("EC:prime256v1", "ssh-login-ec", "55e2")]
    [InlineData("rsa:2048", "ssh-login-rsa", "55a2")]
    public void A_login_with_a_key_of_the_HSM(string type, string label, string id)
    {
        MakeKey(type, label, id);
        using var server = new SshServer(_scratch, PublicKeys().Single(key => key.EndsWith(" " + label, StringComparison.Ordinal)), null);
        var before = _deployment.Signatures();
        var login = Programs.Run("ssh", [.. server.ClientOptions, "-o", $"PKCS11Provider={_deployment.Module}", "echo logged in"], _environment).MustSucceed();
        Assert.Equal("logged in\n", login.Output);
        Assert.True(_deployment.Signatures() > before, "the HSM has signed");
    }

    [Fact]
    public void A_CA_key_of_the_HSM_signs_user_certificates_that_sshd_takes()
    {
        MakeKey("EC:prime256v1", "ssh-ca", "55ca");
        _scratch.Write("ca.pub", PublicKeys().Single(key => key.EndsWith(" ssh-ca", StringComparison.Ordinal)) + "\n");
        Programs.Run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", _scratch["user"]]).MustSucceed();
        Programs.Run("ssh-keygen", ["-D", _deployment.Module, "-s", _scratch["ca.pub"], "-I", "somebody", "-n", Environment.UserName, "-V", "+1h", _scratch["user.pub"]], _environment).MustSucceed();
        using var server = new SshServer(_scratch, null, _scratch["ca.pub"]);
        Assert.Equal("certified\n", Programs.Run("ssh", [.. server.ClientOptions, "-i", _scratch["user"], "echo certified"], _environment).MustSucceed().Output);
    }

    [Fact]
    public void An_agent_holds_the_token_logs_in_and_signs_certificates()
    {
        MakeKey("EC:prime256v1", "ssh-agent", "55ae");
        var key = PublicKeys().Single(one => one.EndsWith(" ssh-agent", StringComparison.Ordinal));
        var authority = _scratch.Write("agent-ca.pub", key + "\n");
        using var agent = new SshAgent(_scratch, _deployment.Module, _environment);
        var asking = new Dictionary<string, string>(_environment) { ["SSH_AUTH_SOCK"] = agent.Socket };
        Programs.Run("ssh-add", ["-s", _deployment.Module], asking).MustSucceed();
        Assert.Contains(key.Split(' ')[1], Programs.Run("ssh-add", ["-L"], asking).MustSucceed().Output, StringComparison.Ordinal);

        using (var server = new SshServer(_scratch, key, null, agent.Socket))
        {
            var before = _deployment.Signatures();
            Assert.Equal("by agent\n", Programs.Run("ssh", [.. server.ClientOptions, "-i", authority, "-o", "IdentitiesOnly=yes", "echo by agent"], asking).MustSucceed().Output);
            Assert.True(_deployment.Signatures() > before, "the HSM has signed");
        }

        Programs.Run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", _scratch["guest"]]).MustSucceed();
        Programs.Run("ssh-keygen", ["-U", "-s", authority, "-I", "guest", "-n", Environment.UserName, "-V", "+1h", _scratch["guest.pub"]], asking).MustSucceed();
        Assert.Contains($"Signing CA: ECDSA", Programs.Run("ssh-keygen", ["-L", "-f", _scratch["guest-cert.pub"]]).MustSucceed().Output, StringComparison.Ordinal);
        Programs.Run("ssh-add", ["-e", _deployment.Module], asking).MustSucceed();
        Assert.Contains("no identities", Programs.Run("ssh-add", ["-L"], asking).Output, StringComparison.Ordinal);
    }

    // OpenSSH 9.2 gives its agent keys of curves that the SSH protocol has no name for, and the agent gives up at them. It looks at public keys and certificates alone.
    [Theory]
    [InlineData("EC:secp256k1", "55b1")]
    [InlineData("EC:secp224r1", "55b2")]
    public void A_pair_of_a_curve_that_SSH_does_not_know_hides_no_key_once_its_public_half_is_gone(string type, string id)
    {
        MakeKey(type, "ssh-unknown", id);
        AskAgent(["-s", _deployment.Module]).MustFail("Could not add card");
        _user.Pkcs11("--delete-object", "--type", "pubkey", "--id", id).MustSucceed();
        AskAgent(["-s", _deployment.Module]).MustSucceed();

        Finished AskAgent(string[] arguments)
        {
            using var agent = new SshAgent(_scratch, _deployment.Module, _environment);
            return Programs.Run("ssh-add", arguments, new Dictionary<string, string>(_environment) { ["SSH_AUTH_SOCK"] = agent.Socket });
        }
    }

    public void Dispose() => _scratch.Dispose();

    private void MakeKey(string type, string label, string id) =>
        _user.Pkcs11("--keypairgen", "--key-type", type, "--usage-sign", "--id", id, "--label", label).MustSucceed();

    private string[] PublicKeys() => Programs.Run("ssh-keygen", ["-D", _deployment.Module], _environment).MustSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
