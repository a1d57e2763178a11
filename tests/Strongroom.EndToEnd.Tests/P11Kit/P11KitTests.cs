using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.P11Kit;

/// <summary>p11-kit's server holds the HSM's token and other processes use it over a socket.</summary>
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

        // The server goes into the background and tells its socket and process id as a shell has them.
        Programs.Run(
            "/bin/sh",
            ["-c", """
                eval "$(p11-kit server --name "$1/socket" --provider "$STRONGROOM_PKCS11_MODULE" "pkcs11:token=$STRONGROOM_TOKEN_LABEL")"
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

    public void Dispose() => _scratch.Dispose();
}
