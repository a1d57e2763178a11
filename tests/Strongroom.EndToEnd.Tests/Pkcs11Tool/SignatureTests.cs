using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Pkcs11Tool;

/// <summary>pkcs11-tool makes keys and signs with them; openssl verifies with nothing but the public key.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class SignatureTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly Scratch _scratch = new();

    [Theory]
    [InlineData("rsa:2048", "a1", "SHA256-RSA-PKCS", "sha256", "")]
    [InlineData("rsa:2048", "a2", "SHA384-RSA-PKCS", "sha384", "")]
    [InlineData("rsa:3072", "a3", "SHA512-RSA-PKCS", "sha512", "")]
    [InlineData("rsa:2048", "a4", "SHA256-RSA-PKCS-PSS", "sha256", "rsa_padding_mode:pss")]
    [InlineData("EC:prime256v1", "b1", "ECDSA-SHA256", "sha256", "")]
    [InlineData("EC:secp384r1", "b2", "ECDSA-SHA384", "sha384", "")]
    public void OpenSSL_verifies_a_signature_and_no_other_message(string keyType, string id, string mechanism, string digest, string padding)
    {
        MakeKeyPair(keyType, id);
        var message = _scratch.Write("message", "a message");
        deployment.Pkcs11LoggedIn("--sign", "--mechanism", mechanism, "--signature-format", "openssl", "--id", id, "--input-file", message, "--output-file", _scratch["signature"]).MustSucceed();

        string[] options = padding.Length > 0 ? ["-sigopt", padding] : [];
        string[] verify = ["dgst", $"-{digest}", .. options, "-verify", PublicKey(id), "-signature", _scratch["signature"]];
        Assert.Contains("Verified OK", OpenSslCommand.Run([.. verify, message]).MustSucceed().Output, StringComparison.Ordinal);
        OpenSslCommand.Run([.. verify, _scratch.Write("other", "another message")]).MustFail("Verification failure");
    }

    [Fact]
    public void The_HSM_verifies_what_OpenSSL_signed_with_an_imported_public_key()
    {
        OpenSslCommand.Run("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", _scratch["own.pem"]).MustSucceed();
        OpenSslCommand.Run("pkey", "-in", _scratch["own.pem"], "-pubout", "-outform", "DER", "-out", _scratch["own.der"]).MustSucceed();
        var message = _scratch.Write("message", "a message");
        OpenSslCommand.Run("dgst", "-sha256", "-sign", _scratch["own.pem"], "-out", _scratch["signature"], message).MustSucceed();
        deployment.Pkcs11LoggedIn("--write-object", _scratch["own.der"], "--type", "pubkey", "--id", "c1", "--label", "imported", "--usage-sign").MustSucceed();

        string[] verify = ["--verify", "--mechanism", "ECDSA-SHA256", "--signature-format", "openssl", "--id", "c1", "--signature-file", _scratch["signature"]];
        Assert.Contains("Signature is valid", deployment.Pkcs11LoggedIn([.. verify, "--input-file", message]).MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains("Invalid signature", deployment.Pkcs11LoggedIn([.. verify, "--input-file", _scratch.Write("other", "another")]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_HMAC_is_the_one_that_OpenSSL_computes_with_the_same_key()
    {
        // pkcs11-tool can't import a generic secret; so the HSM makes one that may be read.
        deployment.Pkcs11LoggedIn("--keygen", "--key-type", "GENERIC:32", "--id", "d1", "--label", "mac", "--usage-sign", "--extractable").MustSucceed();
        deployment.Pkcs11LoggedIn("--read-object", "--type", "secrkey", "--id", "d1", "--output-file", _scratch["key"]).MustSucceed();
        var key = File.ReadAllBytes(_scratch["key"]);
        Assert.Equal(32, key.Length);
        var message = _scratch.Write("message", "a message");

        deployment.Pkcs11LoggedIn("--sign", "--mechanism", "SHA256-HMAC", "--id", "d1", "--input-file", message, "--output-file", _scratch["mac"]).MustSucceed();

        OpenSslCommand.Run("dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:" + Convert.ToHexString(key), "-binary", "-out", _scratch["expected"], message).MustSucceed();
        Assert.Equal(File.ReadAllBytes(_scratch["expected"]), File.ReadAllBytes(_scratch["mac"]));
    }

    public void Dispose() => _scratch.Dispose();

    private void MakeKeyPair(string keyType, string id) =>
        deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", keyType, "--usage-sign", "--id", id, "--label", $"sign-{id}").MustSucceed();

    private string PublicKey(string id)
    {
        // Listing shows all public keys, whatever the id.
        var listed = deployment.Pkcs11LoggedIn("--list-objects", "--type", "pubkey").MustSucceed().Output;
        if (Regex.Match(listed, $@"EC_POINT: +0461(04[0-9a-f]{{192}})\s+EC_PARAMS: +[0-9a-f]+\s+label: +sign-{id}\s") is { Success: true } p384)
        {
            // pkcs11-tool 0.23 can list a public key on P-384 but not read it, whatever the module.
            var point = Convert.FromHexString(p384.Groups[1].Value);
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP384, Q = new ECPoint { X = point[1..49], Y = point[49..] } });
            return _scratch.Write("key.pem", key.ExportSubjectPublicKeyInfoPem());
        }

        deployment.Pkcs11LoggedIn("--read-object", "--type", "pubkey", "--id", id, "--output-file", _scratch["key.der"]).MustSucceed();
        OpenSslCommand.Run("pkey", "-pubin", "-inform", "DER", "-in", _scratch["key.der"], "-out", _scratch["key.pem"]).MustSucceed();
        return _scratch["key.pem"];
    }
}
