using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>Multi-factor login as AWS's guide has it, with openssl's signatures.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class MfaTests : IDisposable
{
    private const string Pin = "mfa_user:mfa-password-1";
    private readonly QuickstartDeployment _deployment;
    private readonly CommandLine _cli;
    private readonly Scratch _scratch = new();

    public MfaTests(QuickstartDeployment deployment)
    {
        (_deployment, _cli) = (deployment, new CommandLine(deployment));
        _cli.AsAdmin("user", "create", "--username", "mfa_user", "--role", "crypto-user", "--password", "mfa-password-1");
    }

    [Fact]
    public void A_user_turns_it_on_logs_in_by_it_and_turns_it_off()
    {
        var (signer, token) = (new OpenSslSigner(_scratch, "mfa_user", OpenSslSigner.Rsa), _scratch["token"]);
        string[] change = ["user", "change-mfa", "token-sign", "--username", "mfa_user", "--role", "crypto-user"];
        using (var shell = new InteractiveShell(_deployment))
        {
            shell.LogIn("crypto-user", Pin);
            Assert.Equal("mfa_user", shell.Asking([.. change, "--token", token], token, () => signer.SignUnsigned(token), "", signer.PublicKey).GetProperty("username").GetString());
        }

        var listed = _cli.AsAdmin("user", "list").GetProperty("users").EnumerateArray().Single(user => user.GetProperty("username").GetString() == "mfa_user");
        Assert.Equal(("token-sign", "enabled"), (listed.GetProperty("mfa")[0].GetProperty("strategy").GetString(), listed.GetProperty("mfa")[0].GetProperty("status").GetString()));
        Assert.Contains("mfa-token-sign", _cli.Refused(["key", "list"], "crypto-user", Pin), StringComparison.Ordinal);
        var refused = _deployment.Pkcs11("--token-label", _deployment.TokenLabel, "--login", "--pin", Pin, "--list-objects");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("CKR_FUNCTION_FAILED", refused.Output + refused.Errors, StringComparison.Ordinal);

        using (var shell = new InteractiveShell(_deployment))
        {
            string[] login = ["login", "--username", "mfa_user", "--role", "crypto-user", "--password", "mfa-password-1", "mfa-token-sign", "--token", token];
            File.Delete(token);
            var answer = shell.Asking(login, token, () => signer.SignUnsigned(token), "");
            Assert.Equal(("mfa_user", "crypto-user"), (answer.GetProperty("username").GetString(), answer.GetProperty("role").GetString()));
            Assert.Equal(0, shell.Data("key", "list", "--filter", "attr.label=nothing").GetProperty("total_key_count").GetInt32());
            shell.Data([.. change, "--disable"]);
        }

        CommandLine.Data(_cli.Run(["key", "list"], "crypto-user", Pin));
    }

    public void Dispose()
    {
        _cli.AsAdmin("user", "delete", "--username", "mfa_user", "--role", "crypto-user");
        _scratch.Dispose();
    }
}
