using System.Security.Cryptography.X509Certificates;
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
