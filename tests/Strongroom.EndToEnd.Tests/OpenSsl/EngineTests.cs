using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.OpenSsl;

/// <summary>The openssl program, through libengine-pkcs11-openssl, uses keys of the HSM for certificates.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class EngineTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly Scratch _scratch = new();

    [Theory]
    [InlineData("rsa:2048", "engine-rsa", "51a1")]
    [InlineData("EC:prime256v1", "engine-ec", "51b1")]
    public void A_request_and_a_certificate_are_signed_by_a_key_of_the_HSM(string keyType, string label, string id)
    {
        deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", keyType, "--usage-sign", "--id", id, "--label", label).MustSucceed();
        var environment = EngineConfiguration.Write(_scratch, deployment);
        var key = $"pkcs11:token={deployment.TokenLabel};object={label};type=private";
        var before = deployment.Signatures();

        Programs.Run("openssl", ["req", "-new", "-engine", "pkcs11", "-keyform", "engine", "-key", key, "-subj", $"/CN={label}", "-sha256", "-out", _scratch["request.pem"]], environment).MustSucceed();
        Programs.Run("openssl", ["req", "-x509", "-engine", "pkcs11", "-keyform", "engine", "-key", key, "-subj", $"/CN={label}", "-sha256", "-days", "30", "-out", _scratch["certificate.pem"]], environment).MustSucceed();

        Assert.Contains("verify OK", OpenSslCommand.Run("req", "-in", _scratch["request.pem"], "-verify", "-noout").MustSucceed() is var verified ? verified.Output + verified.Errors : "", StringComparison.Ordinal);
        OpenSslCommand.Run("verify", "-check_ss_sig", "-CAfile", _scratch["certificate.pem"], _scratch["certificate.pem"]).MustSucceed();
        Assert.Equal(PublicKeyInHsm(id), PublicKeyOfCertificate());
        Assert.Equal(before + 2, deployment.Signatures());
    }

    /// <summary>Then OpenSSL asks the engine, and so the library inside it, whenever it needs such an algorithm: the library's own OpenSSL must not be among those who ask.</summary>
    [Theory]
    [InlineData("RAND,RSA")]
    [InlineData("ALL")]
    public void The_engine_may_be_the_default_for_everything(string algorithms)
    {
        var label = $"default-{algorithms}";
        deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", "rsa:2048", "--usage-sign", "--id", Convert.ToHexString(Encoding.ASCII.GetBytes(label)), "--label", label).MustSucceed();
        var environment = EngineConfiguration.Write(_scratch, deployment);
        var configuration = File.ReadAllText(environment["OPENSSL_CONF"]);
        Assert.Contains("init = 1\n", configuration, StringComparison.Ordinal);
        File.WriteAllText(environment["OPENSSL_CONF"], configuration.Replace("init = 1\n", $"init = 1\ndefault_algorithms = {algorithms}\n", StringComparison.Ordinal));
        var before = deployment.Signatures();

        Assert.Equal(32, Programs.Run("openssl", ["rand", "-hex", "16"], environment).MustSucceed().Output.Trim().Length);
        Programs.Run("openssl", ["genpkey", "-algorithm", "RSA", "-out", _scratch["own.pem"]], environment).MustSucceed();
        Programs.Run("openssl", ["pkey", "-in", _scratch["own.pem"], "-pubout", "-out", _scratch["own.pub"]], environment).MustSucceed();
        Programs.Run("openssl", ["req", "-x509", "-engine", "pkcs11", "-keyform", "engine", "-key", $"pkcs11:token={deployment.TokenLabel};object={label};type=private", "-subj", "/CN=hsm", "-out", _scratch["hsm.crt"]], environment).MustSucceed();

        OpenSslCommand.Run("verify", "-check_ss_sig", "-CAfile", _scratch["hsm.crt"], _scratch["hsm.crt"]).MustSucceed();
        Assert.Equal(before + 1, deployment.Signatures());
    }

    [Fact]
    public void A_key_that_is_not_there_is_no_key()
    {
        var environment = EngineConfiguration.Write(_scratch, deployment);

        Programs.Run("openssl", ["req", "-new", "-engine", "pkcs11", "-keyform", "engine", "-key", "pkcs11:object=no-such-key;type=private", "-subj", "/CN=x", "-out", _scratch["request.pem"]], environment).MustFail("key");
        Assert.False(File.Exists(_scratch["request.pem"]) && new FileInfo(_scratch["request.pem"]).Length > 0);
    }

    [Fact]
    public void Libp11_finds_no_key_at_all_beside_one_that_it_does_not_know_unless_it_is_not_shown_that_one()
    {
        deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", "EC:prime256v1", "--usage-sign", "--id", "51c1", "--label", "engine-beside").MustSucceed();

        Certify([.. KeysOfEveryKind.Names]).MustFail("object not found");
        Certify().MustFail("object not found");
        Certify("RSA", "EC").MustSucceed();

        Finished Certify(params string[] keyTypes) => Programs.Run(
            "openssl",
            ["req", "-x509", "-engine", "pkcs11", "-keyform", "engine", "-key", $"pkcs11:token={deployment.TokenLabel};object=engine-beside;type=private", "-subj", "/CN=x", "-out", _scratch["beside.pem"]],
            EngineConfiguration.Write(_scratch, deployment, keyTypes));
    }

    public void Dispose() => _scratch.Dispose();

    private byte[] PublicKeyInHsm(string id)
    {
        deployment.Pkcs11LoggedIn("--read-object", "--type", "pubkey", "--id", id, "--output-file", _scratch["key.der"]).MustSucceed();
        return File.ReadAllBytes(_scratch["key.der"]);
    }

    private byte[] PublicKeyOfCertificate()
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(_scratch["certificate.pem"]));
        return certificate.PublicKey.ExportSubjectPublicKeyInfo();
    }
}
