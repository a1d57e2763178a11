using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>key and crypto commands.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class KeyTests : IDisposable
{
    private static readonly string[] AttributesOfAes =
    [
        "key-type", "label", "id", "check-value", "class", "encrypt", "decrypt", "token", "always-sensitive", "derive", "destroyable", "extractable", "local", "modifiable", "never-extractable", "private",
        "sensitive", "sign", "trusted", "unwrap", "verify", "wrap", "wrap-with-trusted", "key-length-bytes",
    ];

    private readonly Scratch _scratch = new();
    private readonly CommandLine _cli;
    private readonly string _label = "cli-" + Guid.NewGuid().ToString("N")[..12];

    public KeyTests(QuickstartDeployment deployment) => _cli = new CommandLine(deployment);

    private string Filter => "attr.label=" + _label;

    [Fact]
    public void A_secret_key_has_the_documented_form_is_listed_changed_and_deleted()
    {
        var key = Aes(_label, "encrypt=true", "decrypt=true");
        Assert.Matches("^0x[0-9a-f]{16}$", key.GetProperty("key-reference").GetString());
        var attributes = key.GetProperty("attributes");
        Assert.Equal(AttributesOfAes, attributes.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("aes", "secret-key", 32), (attributes.GetProperty("key-type").GetString(), attributes.GetProperty("class").GetString(), attributes.GetProperty("key-length-bytes").GetInt32()));
        Assert.True(attributes.GetProperty("encrypt").GetBoolean());
        Assert.Matches("^0x[0-9a-f]{6}$", attributes.GetProperty("check-value").GetString());

        var listed = _cli.AsUser("key", "list", "--filter", Filter);
        Assert.Equal((1, 1), (listed.GetProperty("total_key_count").GetInt32(), listed.GetProperty("returned_key_count").GetInt32()));
        Assert.Equal(["label"], listed.GetProperty("matched_keys")[0].GetProperty("attributes").EnumerateObject().Select(property => property.Name));

        Assert.Equal("Attribute set successfully", _cli.AsUser("key", "set-attribute", "--filter", Filter, "--name", "wrap", "--value", "true").GetProperty("message").GetString());
        Assert.True(_cli.AsUser("key", "list", "--filter", Filter, "--verbose").GetProperty("matched_keys")[0].GetProperty("attributes").GetProperty("wrap").GetBoolean());

        Assert.Equal("Key deleted successfully", _cli.AsUser("key", "delete", "--filter", Filter).GetProperty("message").GetString());
        Assert.Equal(0, _cli.AsUser("key", "list", "--filter", Filter).GetProperty("total_key_count").GetInt32());
    }

    [Fact]
    public void A_filter_that_matches_several_keys_deletes_none()
    {
        Aes(_label);
        Aes(_label);
        Assert.Equal("Key selection criteria matched 2 keys. Refine selection criteria to select a single key.", _cli.Refused(["key", "delete", "--filter", Filter]));
        var first = _cli.AsUser("key", "list", "--filter", Filter, "--max-items", "1");
        Assert.Equal((2, 1), (first.GetProperty("total_key_count").GetInt32(), first.GetProperty("returned_key_count").GetInt32()));
        var second = _cli.AsUser("key", "list", "--filter", Filter, "--max-items", "1", "--starting-token", first.GetProperty("next_token").GetString()!);
        Assert.False(second.TryGetProperty("next_token", out _));
        Assert.NotEqual(first.GetProperty("matched_keys")[0].GetProperty("key-reference").GetString(), second.GetProperty("matched_keys")[0].GetProperty("key-reference").GetString());
    }

    public static TheoryData<string, string> Signatures => new()
    {
        { "ec --curve secp224r1", "ecdsa --hash-function sha224" },
        { "ec --curve secp256r1", "ecdsa --hash-function sha256" },
        { "ec --curve secp521r1", "ecdsa --hash-function sha512" },
        { "ec --curve secp256k1", "ecdsa --hash-function sha256" },
        { "rsa --modulus-size-bits 2048 --public-exponent 65537", "rsa-pkcs --hash-function sha256" },
        { "rsa --modulus-size-bits 2048 --public-exponent 65537", "rsa-pkcs-pss --hash-function sha384 --mgf mgf1-sha384 --salt-length 48" },
    };

    [Theory]
    [MemberData(nameof(Signatures))]
    public void What_is_signed_verifies_and_nothing_else_does(string kind, string algorithm)
    {
        Pair(kind, "sign=true", "verify=true");
        var words = algorithm.Split(' ');
        string[] privateKey = ["--key-filter", Filter, "attr.class=private-key"], publicKey = ["--key-filter", Filter, "attr.class=public-key"];
        var signature = _cli.AsUser(["crypto", "sign", .. words, .. privateKey, "--data", "aGVsbG8="]).GetProperty("signature").GetString()!;
        Assert.Equal("Signature verified successfully", _cli.AsUser(["crypto", "verify", .. words, .. publicKey, "--data", "aGVsbG8=", "--signature", signature]).GetProperty("message").GetString());
        Assert.Equal("Signature verification failed", _cli.Refused(["crypto", "verify", .. words, .. publicKey, "--data", "aGVsbG9v", "--signature", signature]));
    }

    [Theory]
    [InlineData("aes-gcm --tag-length-bits 128 --aad 0x0102", '_')]
    [InlineData("cloudhsm-aes-gcm --tag-length-bits 96", '_')]
    [InlineData("aes-no-pad", '_')]
    [InlineData("aes-pkcs5-pad", '_')]
    [InlineData("aes-zero-pad", '_')]
    [InlineData("rsa-pkcs", '_')]
    [InlineData("rsa-oaep --hash-function sha256 --mgf mgf1-sha256", '_')]
    [InlineData("rsa-aes --hash-function sha256 --mgf mgf1-sha256", '-')]
    public void A_key_that_was_wrapped_unwraps_to_the_same_key(string method, char separator)
    {
        var wrapping = _label + "-w";
        string[] under, with;
        if (method.StartsWith("rsa", StringComparison.Ordinal))
        {
            Pair("rsa --modulus-size-bits 2048 --public-exponent 65537", "unwrap=true", "wrap=true", wrapping);
            (under, with) = (["attr.label=" + wrapping, "attr.class=public-key"], ["attr.label=" + wrapping, "attr.class=private-key"]);
        }
        else
        {
            Aes(wrapping, "wrap=true", "unwrap=true");
            under = with = ["attr.label=" + wrapping];
        }

        var original = Aes(_label).GetProperty("attributes").GetProperty("check-value").GetString();
        var wrapped = _cli.AsUser(["key", "wrap", .. method.Split(' '), "--payload-filter", Filter, "--wrapping-filter", .. under]);
        var data = wrapped.GetProperty($"wrapped{separator}key{separator}data").GetString()!;
        string[] iv = method.StartsWith("aes-gcm", StringComparison.Ordinal) ? ["--iv", wrapped.GetProperty("iv").GetString()!] : [];

        var key = _cli.AsUser(["key", "unwrap", .. method.Split(' '), .. iv, "--filter", .. with, "--data", data, "--key-type-class", "aes", "--label", _label + "-u"]).GetProperty("key");

        Assert.Equal(original, key.GetProperty("attributes").GetProperty("check-value").GetString());
        Assert.False(key.GetProperty("attributes").GetProperty("local").GetBoolean());
        Assert.NotEmpty(_cli.Refused(["key", "unwrap", .. method.Split(' '), .. iv, "--filter", .. with, "--data", data[..^8], "--key-type-class", "aes", "--label", _label + "-x"]));
    }

    [Fact]
    public void A_public_key_goes_out_as_pem_for_openssl_and_comes_in_again()
    {
        Pair("ec --curve secp384r1", "sign=true", "verify=true");
        _cli.AsUser("key", "generate-file", "--encoding", "pem", "--path", _scratch["key.pem"], "--filter", Filter, "attr.class=public-key");
        Assert.Contains("P-384", OpenSslCommand.Run("pkey", "-pubin", "-in", _scratch["key.pem"], "-noout", "-text").MustSucceed().Output, StringComparison.Ordinal);
        var imported = _cli.AsUser("key", "import", "pem", "--path", _scratch["key.pem"], "--label", _label + "-i", "--key-type-class", "ec-public", "--attributes", "verify=true");
        Assert.Equal("Successfully imported key", imported.GetProperty("message").GetString());
        Assert.False(imported.GetProperty("key").GetProperty("attributes").GetProperty("local").GetBoolean());

        _scratch.Write("data", "hello");
        var signature = _cli.AsUser("crypto", "sign", "ecdsa", "--hash-function", "sha384", "--key-filter", Filter, "attr.class=private-key", "--data-path", _scratch["data"]).GetProperty("signature").GetString()!;
        _cli.AsUser("crypto", "verify", "ecdsa", "--hash-function", "sha384", "--key-filter", $"attr.label={_label}-i", "--data-path", _scratch["data"], "--signature", signature);
    }

    public void Dispose()
    {
        foreach (var key in _cli.AsUser("key", "list", "--max-items", "10000").GetProperty("matched_keys").EnumerateArray())
        {
            if (key.GetProperty("attributes").GetProperty("label").GetString()!.StartsWith(_label, StringComparison.Ordinal))
            {
                _cli.AsUser("key", "delete", "--filter", "key-reference=" + key.GetProperty("key-reference").GetString());
            }
        }

        _scratch.Dispose();
    }

    private JsonElement Aes(string label, params string[] attributes) =>
        _cli.AsUser(["key", "generate-symmetric", "aes", "--label", label, "--key-length-bytes", "32", .. attributes.Length > 0 ? ["--attributes", .. attributes] : Array.Empty<string>()]).GetProperty("key");

    private void Pair(string kind, string privateAttribute, string publicAttribute, string? label = null) => _cli.AsUser([
        "key", "generate-asymmetric-pair", .. kind.Split(' '), "--public-label", label ?? _label, "--private-label", label ?? _label, "--private-attributes", privateAttribute, "--public-attributes", publicAttribute,
    ]);
}
