using System.Text.RegularExpressions;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.OpenSsl;

namespace Strongroom.EndToEnd.Tests.Pkcs11Tool;

/// <summary>
/// An Ed25519 key under a crypto user of its own: Debian's libp11 0.4.12 finds no key at all on a token that shows it one it does not know, and a user sees only its own.
/// </summary>
[Collection(typeof(SharedDeployment))]
public sealed partial class EdwardsTests(QuickstartDeployment deployment) : IDisposable
{
    private const string User = "edwards";
    private const string Pin = User + ":edwards-password-1";

    private readonly Scratch _scratch = new();
    private readonly CloudHsmCli.CommandLine _cli = new(deployment);

    public void Dispose()
    {
        _cli.Run(["key", "delete", "--filter", "attr.label=edwards"], "crypto-user", Pin);
        _cli.Run(["user", "delete", "--username", User, "--role", "crypto-user"], "admin", _cli.AdminPin);
        _scratch.Dispose();
    }

    [Fact]
    public void OpenSSL_verifies_an_Ed25519_signature_and_another_users_engine_works_beside_the_key()
    {
        _cli.AsAdmin("user", "create", "--username", User, "--role", "crypto-user", "--password", Pin[(User.Length + 1)..]);
        var made = Tool("--keypairgen", "--key-type", "EC:edwards25519", "--usage-sign", "--id", "ed01", "--label", "edwards").MustSucceed().Output;
        var message = _scratch.Write("message", "a message");
        Tool("--sign", "--mechanism", "EDDSA", "--id", "ed01", "--input-file", message, "--output-file", _scratch["signature"]).MustSucceed();

        // RFC 8410: the identifier of Ed25519, then the key's 32 bytes, which pkcs11-tool shows inside an OCTET STRING.
        byte[] info = [.. Convert.FromHexString("302A300506032B6570032100"), .. Convert.FromHexString(Point().Match(made).Groups[1].Value)];
        string[] verify = ["pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", _scratch.Write("public.der", info), "-sigfile", _scratch["signature"], "-in"];
        Assert.Contains("Verified Successfully", OpenSslCommand.Run([.. verify, message]).MustSucceed().Output, StringComparison.Ordinal);
        OpenSslCommand.Run([.. verify, _scratch.Write("other", "another message")]).MustFail("");

        Programs.Run(
            "openssl",
            ["req", "-x509", "-engine", "pkcs11", "-keyform", "engine", "-key", $"pkcs11:token={deployment.TokenLabel};object=quickstart;type=private", "-subj", "/CN=x", "-out", _scratch["c.pem"]],
            EngineConfiguration.Write(_scratch, deployment)).MustSucceed();
    }

    [GeneratedRegex("EC_POINT: +0420([0-9a-f]{64})")]
    private static partial Regex Point();

    private Finished Tool(params string[] arguments) => deployment.Pkcs11(["--token-label", deployment.TokenLabel, "--login", "--pin", Pin, .. arguments]);
}
