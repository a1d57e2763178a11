using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.OpenSsl;

namespace Strongroom.EndToEnd.Tests.CloudHsmEngine;

/// <summary>The openssl program uses keys of the HSM through the engine <c>cloudhsm</c>; openssl without the engine is the judge.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class EngineTests : IDisposable
{
    private readonly QuickstartDeployment _deployment;
    private readonly EngineCommand _engine;
    private readonly Scratch _scratch = new();

    public EngineTests(QuickstartDeployment deployment)
    {
        _deployment = deployment;
        _engine = new EngineCommand(deployment);
        _scratch.Write("message", "hello");
    }

    [Fact]
    public void It_is_available_logs_in_when_told_and_says_why_not()
    {
        Assert.Contains("[ available ]", _engine.OpenSsl("engine", "-t", "cloudhsm").MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains("[Success]: LOGIN", Login(), StringComparison.Ordinal);

        _engine.Environment["CLOUDHSM_PIN"] = "";
        Assert.Contains("set CLOUDHSM_PIN to user:password", Login(), StringComparison.Ordinal);
        _engine.Environment["CLOUDHSM_PIN"] = "nobody-here:wrong-password";
        Assert.Contains("CKR_PIN_INCORRECT", Login(), StringComparison.Ordinal);
        _engine.Environment["STRONGROOM_PKCS11_CONFIG"] = "/no/such/file";
        var unavailable = _engine.OpenSsl("engine", "-tt", "cloudhsm");
        Assert.Contains("[ unavailable ]", unavailable.Output, StringComparison.Ordinal);
        Assert.Contains("cannot read /no/such/file", unavailable.Errors + unavailable.Output, StringComparison.Ordinal);

        string Login() => _engine.OpenSsl("engine", "-tt", "-post", "LOGIN", "cloudhsm") is var finished ? finished.Output + finished.Errors : "";
    }

    [Theory]
    [InlineData("EC:prime256v1", "cloudhsm-p256", "c1e1")]
    [InlineData("EC:secp384r1", "cloudhsm-p384", "c1e2")]
    [InlineData("EC:secp256k1", "cloudhsm-k1", "c1e3")]
    [InlineData("rsa:2048", "cloudhsm-rsa", "c1e4")]
    public void Requests_certificates_and_signatures_are_the_HSMs(string keyType, string label, string id)
    {
        var key = Reference(keyType, label, id);
        var before = _deployment.Signatures();

        _engine.OpenSsl("req", "-new", "-engine", "cloudhsm", "-key", key, "-subj", $"/CN={label}", "-out", _scratch["request"]).MustSucceed();
        _engine.OpenSsl("req", "-x509", "-engine", "cloudhsm", "-key", key, "-subj", $"/CN={label}", "-out", _scratch["certificate"]).MustSucceed();
        _engine.OpenSsl("dgst", "-sha256", "-engine", "cloudhsm", "-sign", key, "-out", _scratch["by-file"], _scratch["message"]).MustSucceed();
        _engine.OpenSsl("dgst", "-sha512", "-engine", "cloudhsm", "-keyform", "engine", "-sign", key, "-out", _scratch["by-engine"], _scratch["message"]).MustSucceed();

        Assert.Equal(before + 4, _deployment.Signatures());
        OpenSslCommand.Run("req", "-in", _scratch["request"], "-verify", "-noout").MustSucceed();
        OpenSslCommand.Run("verify", "-check_ss_sig", "-CAfile", _scratch["certificate"], _scratch["certificate"]).MustSucceed();
        _scratch.Write("public", OpenSslCommand.Run("x509", "-in", _scratch["certificate"], "-noout", "-pubkey").MustSucceed().Output);
        OpenSslCommand.Run("dgst", "-sha256", "-verify", _scratch["public"], "-signature", _scratch["by-file"], _scratch["message"]).MustSucceed();
        OpenSslCommand.Run("dgst", "-sha512", "-verify", _scratch["public"], "-signature", _scratch["by-engine"], _scratch["message"]).MustSucceed();
        if (keyType == "EC:secp256k1")
        {
            // Every crypto user sees public keys, and OpenSSH's agent, which other tests start, gives up at this one.
            _deployment.Pkcs11LoggedIn("--delete-object", "--type", "pubkey", "--id", id).MustSucceed();
        }
    }

    [Fact]
    public void Pss_signatures_verify_and_both_kinds_of_RSA_ciphertext_are_decrypted()
    {
        var key = Reference("rsa:2048", "cloudhsm-rsa", "c1e4");
        _engine.OpenSsl("pkey", "-in", key, "-pubout", "-out", _scratch["public"]).MustSucceed();

        string[] pss = ["-sha384", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"];
        _engine.OpenSsl(["dgst", .. pss, "-engine", "cloudhsm", "-sign", key, "-out", _scratch["signature"], _scratch["message"]]).MustSucceed();
        OpenSslCommand.Run(["dgst", .. pss, "-verify", _scratch["public"], "-signature", _scratch["signature"], _scratch["message"]]).MustSucceed();

        foreach (var padding in (string[])["pkcs1", "oaep"])
        {
            string[] option = ["-pkeyopt", $"rsa_padding_mode:{padding}"];
            OpenSslCommand.Run(["pkeyutl", "-encrypt", "-pubin", "-inkey", _scratch["public"], .. option, "-in", _scratch["message"], "-out", _scratch["cipher"]]).MustSucceed();
            Assert.Equal("hello", _engine.OpenSsl(["pkeyutl", "-decrypt", "-engine", "cloudhsm", "-inkey", key, .. option, "-in", _scratch["cipher"]]).MustSucceed().Output);
        }
    }

    [Theory]
    [InlineData("rsa:2048", "cloudhsm-rsa", "c1e4")]
    [InlineData("EC:prime256v1", "cloudhsm-p256", "c1e1")]
    public void S_server_serves_both_versions_of_TLS(string keyType, string label, string id)
    {
        var key = Reference(keyType, label, id);
        _engine.OpenSsl("req", "-x509", "-engine", "cloudhsm", "-key", key, "-subj", "/CN=localhost", "-days", "30", "-out", _scratch["certificate"]).MustSucceed();
        using var server = new OpenSslServer(_scratch, _scratch["certificate"], _engine.Environment, "-engine", "cloudhsm", "-key", key);
        var before = _deployment.Signatures();
        server.Get("-tls1_2");
        server.Get("-tls1_3");
        Assert.Equal(before + 2, _deployment.Signatures());
    }

    [Fact]
    public void Keys_of_files_stay_in_software_and_are_no_references()
    {
        OpenSslCommand.Run("genpkey", "-algorithm", "RSA", "-out", _scratch["own"]).MustSucceed();
        var before = _deployment.Signatures();

        _engine.OpenSsl("dgst", "-sha256", "-engine", "cloudhsm", "-sign", _scratch["own"], "-out", _scratch["signature"], _scratch["message"]).MustSucceed();
        OpenSslCommand.Run("dgst", "-sha256", "-prverify", _scratch["own"], "-signature", _scratch["signature"], _scratch["message"]).MustSucceed();

        Assert.Equal(before, _deployment.Signatures());
        _engine.OpenSsl("dgst", "-sha256", "-engine", "cloudhsm", "-keyform", "engine", "-sign", _scratch["own"], _scratch["message"]).MustFail("no reference to a key of the HSM");
        _engine.OpenSsl("dgst", "-sha256", "-engine", "cloudhsm", "-keyform", "engine", "-sign", "/no/such/file", _scratch["message"]).MustFail("/no/such/file");
    }

    [Fact]
    public void A_reference_whose_public_half_is_another_keys_or_whose_key_is_gone_signs_nothing()
    {
        var one = Reference("EC:prime256v1", "cloudhsm-p256", "c1e1");
        var other = Reference("EC:prime256v1", "cloudhsm-gone", "c1e5");

        // The other's handle with the first one's public key.
        OpenSslCommand.Run("ec", "-in", one, "-outform", "DER", "-out", _scratch["one.der"]).MustSucceed();
        OpenSslCommand.Run("ec", "-in", other, "-outform", "DER", "-out", _scratch["other.der"]).MustSucceed();
        var mixed = File.ReadAllBytes(_scratch["one.der"]);
        const int handle = 7 + 24; // after SEQUENCE, version and the octet string's head
        File.ReadAllBytes(_scratch["other.der"]).AsSpan(handle, 8).CopyTo(mixed.AsSpan(handle));
        OpenSslCommand.Run("ec", "-inform", "DER", "-in", _scratch.Write("mixed.der", mixed), "-out", _scratch["mixed.key"]).MustSucceed();
        var before = _deployment.Signatures();
        Signature(_scratch["mixed.key"]).MustFail("has not the public key that stands in the file");

        _deployment.Pkcs11LoggedIn("--delete-object", "--type", "privkey", "--id", "c1e5").MustSucceed();
        Signature(other).MustFail("CKR_OBJECT_HANDLE_INVALID");
        Assert.Equal(before, _deployment.Signatures());
    }

    [Fact]
    public void Software_that_takes_an_RSA_reference_for_a_key_fails()
    {
        OpenSslCommand.Run("dgst", "-sha256", "-sign", Reference("rsa:2048", "cloudhsm-rsa", "c1e4"), _scratch["message"]).MustFail("no inverse");
    }

    public void Dispose() => _scratch.Dispose();

    private Finished Signature(string key) => _engine.OpenSsl("dgst", "-sha256", "-engine", "cloudhsm", "-sign", key, "-out", _scratch["signature"], _scratch["message"]);

    private string Reference(string keyType, string label, string id)
    {
        if (!_deployment.Pkcs11LoggedIn("--list-objects", "--type", "privkey", "--id", id).MustSucceed().Output.Contains(label, StringComparison.Ordinal))
        {
            string[] uses = keyType.StartsWith("rsa", StringComparison.Ordinal) ? ["--usage-sign", "--usage-decrypt"] : ["--usage-sign"];
            _deployment.Pkcs11LoggedIn(["--keypairgen", "--key-type", keyType, .. uses, "--id", id, "--label", label]).MustSucceed();
        }

        _engine.WriteReference(label, _scratch[$"{label}.key"]);
        return _scratch[$"{label}.key"];
    }
}
