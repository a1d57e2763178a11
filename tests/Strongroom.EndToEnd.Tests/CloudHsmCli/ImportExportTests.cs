using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>key import of private and secret keys, and key export: OpenSSL makes and judges what goes in and comes out.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class ImportExportTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly QuickstartDeployment _deployment;
    private readonly CommandLine _cli;
    private readonly string _label = "imp-" + Guid.NewGuid().ToString("N")[..12];

    public ImportExportTests(QuickstartDeployment deployment) => (_deployment, _cli) = (deployment, new CommandLine(deployment));

    private string[] PrivateKey => ["attr.label=" + _label, "attr.class=private-key"];

    public void Dispose()
    {
        foreach (var key in _cli.AsUser("key", "find", "--where", $"label like '{_label}*'", "--max-items", "100").GetProperty("matched_keys").EnumerateArray())
        {
            _cli.AsUser("key", "delete", "--filter", "key-reference=" + key.GetProperty("key-reference").GetString());
        }

        _scratch.Dispose();
    }

    [Theory]
    [InlineData("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "rsa-pkcs --hash-function sha256", "PEM")]
    [InlineData("-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "ecdsa --hash-function sha384", "DER")]
    [InlineData("-algorithm ED25519", "ed25519", "PEM")]
    public void A_private_key_in_pkcs8_comes_in_and_signs(string kind, string algorithm, string form)
    {
        var pem = Generate(kind);
        var file = form == "PEM" ? pem : _scratch["key.der"];
        if (form == "DER")
        {
            OpenSslCommand.Run("pkcs8", "-topk8", "-nocrypt", "-in", pem, "-outform", "DER", "-out", file).MustSucceed();
        }

        var imported = Import("pkcs8", file);
        Assert.Equal("Successfully imported key", imported.GetProperty("message").GetString());
        var attributes = imported.GetProperty("key").GetProperty("attributes");
        Assert.Equal(("private-key", false, false, true), (attributes.GetProperty("class").GetString(), attributes.GetProperty("local").GetBoolean(), attributes.GetProperty("always-sensitive").GetBoolean(), attributes.GetProperty("sensitive").GetBoolean()));
        MustSignLike(pem, algorithm);
    }

    [Fact]
    public void Encrypted_pkcs8_older_pem_pkcs12_and_jwk_come_in_too()
    {
        var pem = Generate("-algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        OpenSslCommand.Run("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:a passphrase", "-in", pem, "-out", _scratch["encrypted.pem"]).MustSucceed();
        Assert.Contains("password is wrong", _cli.Refused(["key", "import", "pkcs8", "--path", _scratch["encrypted.pem"], "--label", _label, "--passphrase", "another"]), StringComparison.Ordinal);
        Import("pkcs8", _scratch["encrypted.pem"], "--passphrase", "a passphrase");
        MustSignLike(pem, "ecdsa --hash-function sha256");
        Delete();

        OpenSslCommand.Run("ec", "-in", pem, "-out", _scratch["sec1.pem"]).MustSucceed();
        Assert.Contains("BEGIN EC PRIVATE KEY", File.ReadAllText(_scratch["sec1.pem"]), StringComparison.Ordinal);
        Import("pkcs8", _scratch["sec1.pem"]);
        Delete();

        OpenSslCommand.Run("req", "-x509", "-key", pem, "-subj", "/CN=import", "-days", "2", "-out", _scratch["import.crt"]).MustSucceed();
        OpenSslCommand.Run("pkcs12", "-export", "-inkey", pem, "-in", _scratch["import.crt"], "-passout", "pass:p12", "-out", _scratch["import.p12"]).MustSucceed();
        Import("pkcs12", _scratch["import.p12"], "--passphrase", "p12");
        MustSignLike(pem, "ecdsa --hash-function sha256");
        Delete();

        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(pem));
        var parameters = key.ExportParameters(includePrivateParameters: true);
        Import("jwk", _scratch.Write("key.jwk", JsonSerializer.Serialize(new { kty = "EC", crv = "P-256", x = Base64Url.EncodeToString(parameters.Q.X), y = Base64Url.EncodeToString(parameters.Q.Y), d = Base64Url.EncodeToString(parameters.D) })));
        MustSignLike(pem, "ecdsa --hash-function sha256");
    }

    [Fact]
    public void A_secret_key_comes_in_raw_and_as_jwk_and_is_the_same_key()
    {
        var bytes = RandomNumberGenerator.GetBytes(32);
        var raw = _cli.AsUser("key", "import", "raw", "--path", _scratch.Write("key.bin", bytes), "--label", _label, "--key-type-class", "aes");
        var jwk = _cli.AsUser("key", "import", "jwk", "--path", _scratch.Write("key.jwk", $$"""{"kty":"oct","alg":"A256GCM","k":"{{Base64Url.EncodeToString(bytes)}}"}"""), "--label", _label, "--key-type-class", "aes");

        using var aes = Aes.Create();
        aes.Key = bytes;
        var expected = "0x" + Convert.ToHexStringLower(aes.EncryptEcb(new byte[16], PaddingMode.None)[..3]);
        Assert.All([raw, jwk], key => Assert.Equal(expected, key.GetProperty("key").GetProperty("attributes").GetProperty("check-value").GetString()));
    }

    [Fact]
    public async Task What_is_imported_is_in_no_frame_in_the_clear()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        using var rsa = RSA.Create(2048);
        var primes = rsa.ExportParameters(includePrivateParameters: true);
        _scratch.Write("rsa.pem", rsa.ExportPkcs8PrivateKeyPem());
        var document = JsonNode.Parse(File.ReadAllText(_deployment.Variables["STRONGROOM_CLI_CONFIG"]))!;
        var entry = document["clusters"]![0]!;
        await using var proxy = new RecordingProxy(new IPEndPoint(IPAddress.Parse(_deployment.Address()), 2223), (string)entry["cluster_key_sha256"]!);
        (entry["ca_file"], entry["cluster_key_sha256"], entry["hsms"]) = (_scratch.Write("between.crt", proxy.CertificatePem), proxy.KeySha256, new JsonArray(new JsonObject { ["address"] = "127.0.0.1", ["port"] = proxy.Port }));
        var environment = new Dictionary<string, string>(_deployment.Variables) { ["STRONGROOM_CLI_CONFIG"] = _scratch.Write("between.cfg", document.ToJsonString()) };
        foreach (var words in (string[][])[["raw", "--path", _scratch.Write("key.bin", secret), "--key-type-class", "aes"], ["pkcs8", "--path", _scratch["rsa.pem"]]])
        {
            CommandLine.Data(await Task.Run(() => Programs.Run(CommandLine.Executable, ["key", "import", .. words, "--label", _label], environment)));
        }

        var frames = proxy.Frames;
        Assert.True(frames.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(_label)) >= 0, "The frames do not show what is sent.");
        foreach (var part in (byte[][])[secret, primes.P!, primes.Q!, primes.D!, primes.DP!, primes.DQ!, primes.InverseQ!])
        {
            for (int i = 0; i + 8 <= part.Length; i++)
            {
                Assert.True(frames.AsSpan().IndexOf(part.AsSpan(i, 8)) < 0, $"8 of the key's {part.Length} bytes, from {i}, are in the frames.");
            }
        }
    }

    [Fact]
    public void A_key_goes_out_to_whoever_has_the_private_key_and_to_nobody_else()
    {
        var pem = Generate("-algorithm RSA -pkeyopt rsa_keygen_bits:3072");
        OpenSslCommand.Run("pkey", "-in", pem, "-pubout", "-out", _scratch["recipient.pub"]).MustSucceed();
        var bytes = RandomNumberGenerator.GetBytes(24);
        _cli.AsUser("key", "import", "raw", "--path", _scratch.Write("key.bin", bytes), "--label", _label, "--key-type-class", "aes");
        _cli.AsUser("key", "export", "--filter", "attr.label=" + _label, "--recipient", _scratch["recipient.pub"], "--path", _scratch["wrapped"]);

        // CKM_RSA_AES_KEY_WRAP: an AES key under OAEP, then the key under it by RFC 5649.
        var wrapped = File.ReadAllBytes(_scratch["wrapped"]);
        _scratch.Write("oaep", wrapped[..384]);
        _scratch.Write("kwp", wrapped[384..]);
        OpenSslCommand.Run("pkeyutl", "-decrypt", "-inkey", pem, "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256", "-in", _scratch["oaep"], "-out", _scratch["kek"]).MustSucceed();
        OpenSslCommand.Run("enc", "-d", "-id-aes256-wrap-pad", "-K", Convert.ToHexString(File.ReadAllBytes(_scratch["kek"])), "-iv", "A65959A6", "-in", _scratch["kwp"], "-out", _scratch["opened"]).MustSucceed();
        Assert.Equal(bytes, File.ReadAllBytes(_scratch["opened"]));

        _cli.AsUser("key", "set-attribute", "--filter", "attr.label=" + _label, "--name", "wrap-with-trusted", "--value", "true");
        Assert.Contains("trusted", _cli.Refused(["key", "export", "--filter", "attr.label=" + _label, "--recipient", _scratch["recipient.pub"], "--path", _scratch["x"]]), StringComparison.Ordinal);
        Assert.False(File.Exists(_scratch["x"]));
    }

    [Theory]
    [InlineData("pkcs8", "no key at all")]
    [InlineData("pkcs8", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("pkcs12", "no key at all")]
    [InlineData("jwk", "{\"kty\":\"EC\",\"crv\":\"P-256\"}")]
    [InlineData("jwk", "{\"kty\":\"oct\",\"k\":\"*\"}")]
    [InlineData("jwk", "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\",\"d\":\"\",\"p\":\"\",\"q\":\"\",\"dp\":\"\",\"dq\":\"\",\"qi\":\"\"}")]
    [InlineData("jwk", "[")]
    public void What_is_no_key_is_refused_and_names_the_file(string command, string content)
    {
        var file = _scratch.Write("broken", content);
        Assert.Contains(file, _cli.Refused(["key", "import", command, "--path", file, "--label", _label, .. command == "pkcs12" ? new[] { "--passphrase", "x" } : []]), StringComparison.Ordinal);
        Assert.Equal(0, _cli.AsUser("key", "list", "--filter", "attr.label=" + _label).GetProperty("total_key_count").GetInt32());
    }

    private JsonElement Import(string form, string file, params string[] more) => _cli.AsUser(
        ["key", "import", form, "--path", file, "--label", _label, "--public-label", _label, "--attributes", "sign=true", "--public-attributes", "verify=true", .. more]);

    private void Delete()
    {
        _cli.AsUser(["key", "delete", "--filter", .. PrivateKey]);
        _cli.AsUser("key", "delete", "--filter", "attr.label=" + _label, "attr.class=public-key");
    }

    // The public half that was stored beside it verifies in the HSM, and it is the file's.
    private void MustSignLike(string pem, string algorithm)
    {
        var words = algorithm.Split(' ');
        var signature = _cli.AsUser(["crypto", "sign", .. words, "--key-filter", .. PrivateKey, "--data", "aGVsbG8="]).GetProperty("signature").GetString()!;
        _cli.AsUser(["crypto", "verify", .. words, "--key-filter", "attr.label=" + _label, "attr.class=public-key", "--data", "aGVsbG8=", "--signature", signature]);
        _cli.AsUser("key", "generate-file", "--encoding", "pem", "--path", _scratch["public.pem"], "--filter", "attr.label=" + _label, "attr.class=public-key");
        Assert.Equal(OpenSslCommand.Run("pkey", "-in", pem, "-pubout").MustSucceed().Output.Trim(), File.ReadAllText(_scratch["public.pem"]).Trim());
    }

    private string Generate(string kind)
    {
        OpenSslCommand.Run(["genpkey", .. kind.Split(' '), "-out", _scratch["key.pem"]]).MustSucceed();
        return _scratch["key.pem"];
    }
}
