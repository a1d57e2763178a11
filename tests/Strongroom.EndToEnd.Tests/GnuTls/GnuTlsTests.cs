using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.GnuTls;

/// <summary>GnuTLS's p11tool makes, lists and tests keys of the HSM, and certtool certifies them.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class GnuTlsTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly QuickstartDeployment _deployment;
    private readonly Dictionary<string, string> _environment;
    private readonly string[] _provider;

    public GnuTlsTests(QuickstartDeployment deployment)
    {
        _deployment = deployment;
        _environment = new(deployment.Variables) { ["GNUTLS_PIN"] = deployment.Pin };
        _provider = ["--provider", deployment.Module];
    }

    private string Token => $"pkcs11:token={_deployment.TokenLabel}";

    [Theory]
    [InlineData("rsa", "--bits=2048", "gnutls-rsa")]
    [InlineData("ecc", "--curve=secp256r1", "gnutls-ec")]
    public void P11tool_makes_a_key_that_signs_and_certtool_certifies_it(string type, string size, string label)
    {
        P11Tool("--login", $"--generate-privkey={type}", size, $"--label={label}", Token).MustSucceed();
        var key = $"{Token};object={label};type=private";
        P11Tool("--login", "--test-sign", key).MustSucceed();

        var template = _scratch.Write("template", $"cn = {label}\nexpiration_days = 30\nsigning_key\n");
        Programs.Run(
            "certtool",
            [.. _provider, "--generate-self-signed", $"--load-privkey={key}", $"--load-pubkey={Token};object={label};type=public", $"--template={template}", $"--outfile={_scratch["certificate.pem"]}"],
            _environment).MustSucceed();
        OpenSslCommand.Run("verify", "-check_ss_sig", "-CAfile", _scratch["certificate.pem"], _scratch["certificate.pem"]).MustSucceed();

        P11Tool("--login", "--write", $"--load-certificate={_scratch["certificate.pem"]}", $"--label={label}", Token).MustSucceed();
        var listed = P11Tool("--login", "--list-all", Token).MustSucceed().Output;
        Assert.Contains("X.509 Certificate", listed, StringComparison.Ordinal);
        Assert.Contains($"Label: {label}", listed, StringComparison.Ordinal);
        P11Tool("--login", "--batch", "--delete", $"{Token};object={label};type=cert").MustSucceed();
    }

    [Fact]
    public void P11tool_sees_the_token_and_its_mechanisms()
    {
        Assert.Contains($"Label: {_deployment.TokenLabel}", P11Tool("--list-tokens").MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains("CKM_AES_GCM", P11Tool("--list-mechanisms", Token).MustSucceed().Output, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private Finished P11Tool(params string[] arguments) => Programs.Run("p11tool", [.. _provider, .. arguments], _environment);
}
