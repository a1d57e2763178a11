using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>Multi-factor login as AWS's guide has it, with openssl's signatures.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class MfaTests : IDisposable
{
    private readonly QuickstartDeployment _deployment;
    private readonly CommandLine _cli;
    private readonly Scratch _scratch = new();
    private (string Name, string Role)? _made;

    public MfaTests(QuickstartDeployment deployment) => (_deployment, _cli) = (deployment, new CommandLine(deployment));

    [Theory]
    [InlineData("crypto-user")]
    [InlineData("admin")]
    public void A_user_turns_it_on_logs_in_by_it_and_turns_it_off(string role)
    {
        var (name, password) = ("mfa_" + role[..5], "mfa-password-1");
        var pin = $"{name}:{password}";
        _cli.AsAdmin("user", "create", "--username", name, "--role", role, "--password", password);
        _made = (name, role);
        var (signer, another, token) = (new OpenSslSigner(_scratch, name, OpenSslSigner.Rsa), new OpenSslSigner(_scratch, "another", OpenSslSigner.Rsa), _scratch["token"]);
        string[] change = ["user", "change-mfa", "token-sign", "--username", name, "--role", role];
        using (var shell = new InteractiveShell(_deployment))
        {
            shell.LogIn(role, pin);
            Assert.Equal(name, shell.Asking([.. change, "--token", token], token, () => signer.SignUnsigned(token), "", signer.PublicKey).GetProperty("username").GetString());
        }

        var listed = _cli.AsAdmin("user", "list").GetProperty("users").EnumerateArray().Single(user => user.GetProperty("username").GetString() == name);
        Assert.Equal(("token-sign", "enabled"), (listed.GetProperty("mfa")[0].GetProperty("strategy").GetString(), listed.GetProperty("mfa")[0].GetProperty("status").GetString()));
        Assert.Contains("mfa-token-sign", _cli.Refused(["key", "list"], role, pin), StringComparison.Ordinal);
        if (role == "crypto-user")
        {
            var refused = _deployment.Pkcs11("--token-label", _deployment.TokenLabel, "--login", "--pin", pin, "--list-objects");
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains("CKR_FUNCTION_FAILED", refused.Output + refused.Errors, StringComparison.Ordinal);
        }

        using (var shell = new InteractiveShell(_deployment))
        {
            string[] login = ["login", "--username", name, "--role", role, "--password", password, "mfa-token-sign", "--token", token];
            File.Delete(token);
            Assert.NotEmpty(shell.AskingRefused(login, token, () => another.SignUnsigned(token), ""));
            Assert.Contains("logged in", shell.Refused("key", "list"), StringComparison.Ordinal);
            File.Delete(token);
            var answer = shell.Asking(login, token, () => signer.SignUnsigned(token), "");
            Assert.Equal((name, role), (answer.GetProperty("username").GetString(), answer.GetProperty("role").GetString()));
            shell.Data("key", "list", "--filter", "attr.label=nothing");
            shell.Data([.. change, "--disable"]);
        }

        CommandLine.Data(_cli.Run(["key", "list", "--filter", "attr.label=nothing"], role, pin));
    }

    public void Dispose()
    {
        if (_made is var (name, role))
        {
            _cli.AsAdmin("user", "delete", "--username", name, "--role", role);
        }

        _scratch.Dispose();
    }
}
