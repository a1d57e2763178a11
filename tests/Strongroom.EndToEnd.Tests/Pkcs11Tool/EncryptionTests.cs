using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Pkcs11Tool;

/// <summary>pkcs11-tool encrypts, wraps and unwraps.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class EncryptionTests(QuickstartDeployment deployment) : IDisposable
{
    private const string Iv = "000102030405060708090a0b0c0d0e0f";
    private readonly Scratch _scratch = new();

    [Fact]
    public void AES_CBC_with_padding_gives_what_OpenSSL_gives_for_the_same_key()
    {
        var key = Enumerable.Range(0, 32).Select(i => (byte)(i * 7)).ToArray();
        deployment.Pkcs11LoggedIn("--write-object", _scratch.Write("key", key), "--type", "secrkey", "--key-type", "AES:32", "--id", "e1", "--label", "known", "--usage-decrypt").MustSucceed();
        var plain = _scratch.Write("plain", "more than one block of plain text");

        deployment.Pkcs11LoggedIn("--encrypt", "--mechanism", "AES-CBC-PAD", "--iv", Iv, "--id", "e1", "--input-file", plain, "--output-file", _scratch["cipher"]).MustSucceed();

        OpenSslCommand.Run("enc", "-aes-256-cbc", "-K", Convert.ToHexString(key), "-iv", Iv, "-in", plain, "-out", _scratch["expected"]).MustSucceed();
        Assert.Equal(File.ReadAllBytes(_scratch["expected"]), File.ReadAllBytes(_scratch["cipher"]));
    }

    [Fact]
    public void What_a_generated_AES_key_encrypted_it_decrypts_and_another_key_does_not()
    {
        foreach (var id in (string[])["e2", "e3"])
        {
            deployment.Pkcs11LoggedIn("--keygen", "--key-type", "AES:32", "--id", id, "--label", $"aes-{id}", "--usage-decrypt", "--sensitive").MustSucceed();
        }

        var plain = _scratch.Write("plain", Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31)).ToArray());
        deployment.Pkcs11LoggedIn("--encrypt", "--mechanism", "AES-CBC-PAD", "--iv", Iv, "--id", "e2", "--input-file", plain, "--output-file", _scratch["cipher"]).MustSucceed();
        Assert.Equal(100_000 + 16, new FileInfo(_scratch["cipher"]).Length);

        string[] decrypt = ["--decrypt", "--mechanism", "AES-CBC-PAD", "--iv", Iv, "--input-file", _scratch["cipher"]];
        deployment.Pkcs11LoggedIn([.. decrypt, "--id", "e2", "--output-file", _scratch["again"]]).MustSucceed();
        Assert.Equal(File.ReadAllBytes(plain), File.ReadAllBytes(_scratch["again"]));

        // The wrong key's padding is right once in 256 times; the text never is.
        deployment.Pkcs11LoggedIn([.. decrypt, "--id", "e3", "--output-file", _scratch["wrong"]]);
        Assert.False(File.Exists(_scratch["wrong"]) && File.ReadAllBytes(_scratch["wrong"]).SequenceEqual(File.ReadAllBytes(plain)));
    }

    [Fact]
    public void A_key_that_was_wrapped_and_unwrapped_does_the_same_work()
    {
        deployment.Pkcs11LoggedIn("--keygen", "--key-type", "AES:32", "--id", "f1", "--label", "wrapping", "--usage-wrap").MustSucceed();
        deployment.Pkcs11LoggedIn("--keygen", "--key-type", "AES:32", "--id", "f2", "--label", "wrapped", "--usage-decrypt", "--extractable").MustSucceed();
        var plain = _scratch.Write("plain", "to be read again under the unwrapped key");
        deployment.Pkcs11LoggedIn("--encrypt", "--mechanism", "AES-CBC-PAD", "--iv", Iv, "--id", "f2", "--input-file", plain, "--output-file", _scratch["cipher"]).MustSucceed();

        deployment.Pkcs11LoggedIn("--wrap", "--mechanism", "AES-KEY-WRAP", "--id", "f1", "--application-id", "f2", "--output-file", _scratch["key"]).MustSucceed();
        Assert.Equal(40, new FileInfo(_scratch["key"]).Length);
        deployment.Pkcs11LoggedIn("--unwrap", "--mechanism", "AES-KEY-WRAP", "--id", "f1", "--application-id", "f3", "--application-label", "unwrapped", "--key-type", "AES:", "--input-file", _scratch["key"], "--usage-decrypt").MustSucceed();

        deployment.Pkcs11LoggedIn("--decrypt", "--mechanism", "AES-CBC-PAD", "--iv", Iv, "--id", "f3", "--input-file", _scratch["cipher"], "--output-file", _scratch["again"]).MustSucceed();
        Assert.Equal(File.ReadAllText(plain), File.ReadAllText(_scratch["again"]));
    }

    [Theory]
    [InlineData("SHA-1", "MGF1-SHA1", "sha1")]
    [InlineData("SHA256", "MGF1-SHA256", "sha256")]
    public void It_decrypts_with_OAEP_what_OpenSSL_encrypted(string hash, string mgf, string digest)
    {
        deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", "rsa:2048", "--usage-decrypt", "--id", $"0ae{digest.Length}", "--label", $"oaep-{digest}").MustSucceed();
        deployment.Pkcs11LoggedIn("--read-object", "--type", "pubkey", "--id", $"0ae{digest.Length}", "--output-file", _scratch["key.der"]).MustSucceed();
        OpenSslCommand.Run(
            "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", _scratch["key.der"], "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", $"rsa_oaep_md:{digest}", "-pkeyopt", $"rsa_mgf1_md:{digest}", "-in",
            _scratch.Write("plain", "a message"), "-out", _scratch["cipher"]).MustSucceed();

        deployment.Pkcs11LoggedIn(
            "--decrypt", "--mechanism", "RSA-PKCS-OAEP", "--hash-algorithm", hash, "--mgf", mgf, "--id", $"0ae{digest.Length}", "--input-file", _scratch["cipher"], "--output-file", _scratch["again"]).MustSucceed();

        Assert.Equal("a message", File.ReadAllText(_scratch["again"]));
    }

    public void Dispose() => _scratch.Dispose();
}
