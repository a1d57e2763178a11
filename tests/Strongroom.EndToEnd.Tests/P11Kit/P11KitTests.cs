using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.P11Kit;

/// <summary>p11-kit: its server holds the HSM's token and other processes use it over a socket; its proxy shows programs the tokens of all configured modules as one module's.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class P11KitTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void A_key_signs_through_the_server()
    {
        deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", "rsa:2048", "--usage-sign", "--id", "b11c", "--label", "p11-kit").MustSucceed();
        deployment.Pkcs11LoggedIn("--read-object", "--type", "pubkey", "--id", "b11c", "--output-file", _scratch["key.der"]).MustSucceed();
        _scratch.Write("message", "over a socket");

        // The server goes into the background and tells its socket and process id as a shell has them; a moment later the socket is there.
        Programs.Run(
            "/bin/sh",
            ["-c", """
                eval "$(p11-kit server --name "$1/socket" --provider "$STRONGROOM_PKCS11_MODULE" "pkcs11:token=$STRONGROOM_TOKEN_LABEL")"
                for i in $(seq 100); do [ -S "$1/socket" ] && break; sleep 0.1; done
                pkcs11-tool --module "$(ls /usr/lib/*/pkcs11/p11-kit-client.so)" --token-label "$STRONGROOM_TOKEN_LABEL" --login --pin env:STRONGROOM_PIN \
                    --sign --mechanism SHA256-RSA-PKCS --id b11c --input-file "$1/message" --output-file "$1/signature"
                code=$?
                kill "$P11_KIT_SERVER_PID"
                exit $code
                """, "sh", _scratch.Folder],
            deployment.Variables).MustSucceed();

        OpenSslCommand.Run("pkey", "-pubin", "-inform", "DER", "-in", _scratch["key.der"], "-out", _scratch["key.pem"]).MustSucceed();
        OpenSslCommand.Run("dgst", "-sha256", "-verify", _scratch["key.pem"], "-signature", _scratch["signature"], _scratch["message"]).MustSucceed();
    }

    [Fact]
    public void A_key_signs_through_the_proxy()
    {
        deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", "EC:prime256v1", "--usage-sign", "--id", "b11d", "--label", "p11-kit-proxy").MustSucceed();
        deployment.Pkcs11LoggedIn("--read-object", "--type", "pubkey", "--id", "b11d", "--output-file", _scratch["key.der"]).MustSucceed();
        var environment = ConfigureForAnotherUser();
        var message = _scratch.Write("message", "through a proxy");
        string[] proxy = ["pkcs11-tool", "--module", "/usr/lib/x86_64-linux-gnu/p11-kit-proxy.so", "--token-label", deployment.TokenLabel, "--login", "--pin", "env:STRONGROOM_PIN"];

        AsUser(environment, [.. proxy, "--sign", "--mechanism", "ECDSA-SHA256", "--signature-format", "openssl", "--id", "b11d", "--input-file", message, "--output-file", _scratch["home/signature"]]);
        Assert.Contains("p11-kit-proxy", AsUser(environment, [.. proxy, "--list-objects"]).Output, StringComparison.Ordinal);

        OpenSslCommand.Run("pkey", "-pubin", "-inform", "DER", "-in", _scratch["key.der"], "-out", _scratch["key.pem"]).MustSucceed();
        OpenSslCommand.Run("dgst", "-sha256", "-verify", _scratch["key.pem"], "-signature", _scratch["home/signature"], message).MustSucceed();
    }

    public void Dispose() => _scratch.Dispose();

    // p11-kit reads no user's configuration in a program of root's. So root becomes nobody, who must be able to read what our module needs, and to write its signature.
    private Dictionary<string, string> ConfigureForAnotherUser()
    {
        var modules = Directory.CreateDirectory(_scratch["home/.config/pkcs11/modules"]).FullName;
        File.SetUnixFileMode(_scratch["home"], (UnixFileMode)0x1FF);
        File.Copy(deployment.Module, _scratch["module.so"]);
        File.Copy(Path.Combine(deployment.Dir, "customer", "customerCA.crt"), _scratch["customerCA.crt"]);
        File.WriteAllText(Path.Combine(modules, "strongroom.module"), $"module: {_scratch["module.so"]}\n");
        Programs.Run(
            Path.Combine(deployment.Dir, "bin", "configure-pkcs11"),
            ["-a", deployment.Address(), "--hsm-ca-cert", _scratch["customerCA.crt"], "--log-type", "term", "--log-level", "warn", "--config-file", _scratch["cloudhsm-pkcs11.cfg"]]).MustSucceed();
        return new(deployment.Variables) { ["HOME"] = _scratch["home"], ["XDG_CONFIG_HOME"] = _scratch["home/.config"], ["STRONGROOM_PKCS11_CONFIG"] = _scratch["cloudhsm-pkcs11.cfg"] };
    }

    private static Finished AsUser(Dictionary<string, string> environment, string[] command)
    {
        string[] words = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", .. command] : command;
        return Programs.Run(words[0], words[1..], environment).MustSucceed();
    }
}
