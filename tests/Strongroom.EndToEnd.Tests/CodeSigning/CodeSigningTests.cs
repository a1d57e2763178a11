using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.OpenSsl;

namespace Strongroom.EndToEnd.Tests.CodeSigning;

/// <summary>Documents and programs are signed, and mail is decrypted, with a key of the HSM.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class CodeSigningTests : IDisposable
{
    private const string Label = "code-signing";
    private readonly Scratch _scratch = new();
    private readonly QuickstartDeployment _deployment;
    private readonly Dictionary<string, string> _environment;
    private readonly string _key;

    public CodeSigningTests(QuickstartDeployment deployment)
    {
        _deployment = deployment;
        _key = $"pkcs11:token={deployment.TokenLabel};object={Label};type=private";
        _environment = EngineConfiguration.Write(_scratch, deployment);
        if (!deployment.Pkcs11LoggedIn("--list-objects", "--type", "privkey").MustSucceed().Output.Contains(Label, StringComparison.Ordinal))
        {
            deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", "rsa:2048", "--usage-sign", "--usage-decrypt", "--id", "c0de", "--label", Label).MustSucceed();
        }

        OpenSsl(
            "req", "-x509", "-engine", "pkcs11", "-keyform", "engine", "-key", _key, "-subj", $"/CN={Label}", "-days", "30", "-addext", "extendedKeyUsage=codeSigning,emailProtection", "-out",
            _scratch["certificate.pem"]);
        _scratch.Write("message", "a message\n");
    }

    [Fact]
    public void Cms_signatures_of_the_HSM_verify()
    {
        OpenSsl("cms", "-sign", "-engine", "pkcs11", "-keyform", "engine", "-inkey", _key, "-signer", _scratch["certificate.pem"], "-in", _scratch["message"], "-out", _scratch["signed"]);
        Assert.Equal("a message\r\n", OpenSslCommand.Run("cms", "-verify", "-in", _scratch["signed"], "-CAfile", _scratch["certificate.pem"]).MustSucceed().Output);
    }

    [Theory]
    [InlineData("pkcs1")]
    [InlineData("oaep")]
    public void Cms_envelopes_are_opened_by_the_HSM(string padding)
    {
        OpenSslCommand.Run("cms", "-encrypt", "-aes256", "-in", _scratch["message"], "-out", _scratch["envelope"], "-recip", _scratch["certificate.pem"], "-keyopt", $"rsa_padding_mode:{padding}").MustSucceed();
        var opened = OpenSsl("cms", "-decrypt", "-engine", "pkcs11", "-keyform", "engine", "-inkey", _key, "-recip", _scratch["certificate.pem"], "-in", _scratch["envelope"]);
        Assert.Equal("a message\r\n", opened.Output);
    }

    [Fact]
    public void Osslsigncode_signs_a_program()
    {
        // A .NET assembly is a portable executable as Windows has it.
        var program = Path.Combine(AppContext.BaseDirectory, "Strongroom.EndToEnd.Tests.dll");
        Programs.Run(
            "osslsigncode",
            ["sign", "-pkcs11module", _deployment.Module, "-pass", _deployment.Pin, "-key", _key, "-certs", _scratch["certificate.pem"], "-in", program, "-out", _scratch["signed.dll"]],
            new Dictionary<string, string>(_deployment.Variables) { ["STRONGROOM_PKCS11_CONFIG"] = _environment["STRONGROOM_PKCS11_CONFIG"] }).MustSucceed();
        Assert.Contains("Signature verification: ok", Programs.Run("osslsigncode", ["verify", "-CAfile", _scratch["certificate.pem"], "-in", _scratch["signed.dll"]]).Output, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private Finished OpenSsl(params string[] arguments) => Programs.Run("openssl", arguments, _environment).MustSucceed();
}
