using System.Security.Cryptography;
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

    private readonly QuickstartDeployment _deployment;

    public KeyTests(QuickstartDeployment deployment) => (_deployment, _cli) = (deployment, new CommandLine(deployment));

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
        { "ml-dsa --mldsa-algorithm ML-DSA-65", "ml-dsa --data-type raw --hash-function shake256" },
        { "ec --curve ed25519", "ed25519" },
        { "ec --curve ed25519", "ed25519ph --hash-function sha512" },
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

    [Fact]
    public void A_digest_that_was_made_elsewhere_is_signed_as_the_data_is()
    {
        Pair("ec --curve ed25519", "sign=true", "verify=true");
        string[] privateKey = ["--key-filter", Filter, "attr.class=private-key", "attr.key-type=ec", "attr.curve=ed25519"];
        var digest = Convert.ToBase64String(SHA512.HashData("hello"u8));
        var ofDigest = _cli.AsUser(["crypto", "sign", "ed25519ph", "--hash-function", "sha512", "--data-type", "digest", "--data", digest, .. privateKey]);
        var ofData = _cli.AsUser(["crypto", "sign", "ed25519ph", "--hash-function", "sha512", "--data", "aGVsbG8=", .. privateKey]);
        Assert.Equal(ofData.GetProperty("signature").GetString(), ofDigest.GetProperty("signature").GetString());
        Assert.Contains("64 bytes", _cli.Refused(["crypto", "sign", "ed25519ph", "--hash-function", "sha512", "--data-type", "digest", "--data", "aGVsbG8=", .. privateKey]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_representative_that_was_made_elsewhere_is_signed_as_the_message_is()
    {
        Pair("ml-dsa --mldsa-algorithm ML-DSA-65", "sign=true", "verify=true");
        string[] privateKey = ["--key-filter", Filter, "attr.class=private-key"], publicKey = ["--key-filter", Filter, "attr.class=public-key"];
        var file = _scratch["public.pem"];
        _cli.AsUser("key", "generate-file", "--encoding", "pem", "--path", file, "--filter", Filter, "attr.class=public-key");
        var info = Convert.FromBase64String(string.Concat(File.ReadAllLines(file).Where(line => !line.StartsWith('-'))));
        var hash = Shake256.HashData(info.AsSpan(info.Length - 1952), 64);   // ML-DSA-65's public key ends its SubjectPublicKeyInfo (RFC 9881)
        var mu = Convert.ToBase64String(Shake256.HashData([.. hash, 0, 0, .. "hello"u8], 64));
        var signature = _cli.AsUser(["crypto", "sign", "ml-dsa", "--data-type", "external-mu", "--hash-function", "shake256", "--data", mu, .. privateKey]).GetProperty("signature").GetString()!;
        _cli.AsUser(["crypto", "verify", "ml-dsa", "--data", "aGVsbG8=", "--signature", signature, .. publicKey]);
        _cli.AsUser(["crypto", "verify", "ml-dsa", "--data-type", "external-mu", "--data", mu, "--signature", signature, .. publicKey]);
        Assert.Equal("Signature verification failed", _cli.Refused(["crypto", "verify", "ml-dsa", "--data", mu, "--signature", signature, .. publicKey]));
        Assert.Contains("64 bytes", _cli.Refused(["crypto", "sign", "ml-dsa", "--data-type", "external-mu", "--data", "aGVsbG8=", .. privateKey]), StringComparison.Ordinal);
    }

    public static TheoryData<string, int, int> Pairs => new()
    {
        { "ec --curve secp224r1", 57, 122 }, { "ec --curve prime256v1", 65, 138 }, { "ec --curve secp384r1", 97, 185 }, { "ec --curve secp521r1", 133, 241 }, { "ec --curve secp256k1", 65, 135 },
        { "ec --curve ed25519", 32, 48 }, { "ml-dsa --mldsa-algorithm ML-DSA-44", 1312, 2560 }, { "rsa --modulus-size-bits 2048 --public-exponent 65537", 512, 1218 },
    };

    // The lengths that CloudHSM's documentation shows: RSA-2048 512 and 1217 to 1219, P-224 57 and 122.
    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_pair_is_printed_with_its_curve_and_lengths(string kind, int publicLength, int privateLength)
    {
        Pair(kind, "sign=true", "verify=true");
        var keys = _cli.AsUser("key", "list", "--filter", Filter, "--verbose").GetProperty("matched_keys").EnumerateArray().Select(key => key.GetProperty("attributes")).ToArray();
        Assert.Equal(2, keys.Length);
        foreach (var key in keys)
        {
            var length = key.GetProperty("class").GetString() == "public-key" ? publicLength : privateLength;
            Assert.InRange(key.GetProperty("key-length-bytes").GetInt32(), length - 1, length + 1);
            Assert.Equal(kind.Split(' ')[0], key.GetProperty("key-type").GetString());
        }

        if (kind.Split(' ') is ["ec", _, var curve])
        {
            Assert.All(keys, key => Assert.Equal(curve == "prime256v1" ? "secp256r1" : curve, key.GetProperty("curve").GetString()));
        }
    }

    [Fact]
    public void A_generic_secret_has_any_length_up_to_800_bytes()
    {
        var key = _cli.AsUser("key", "generate-symmetric", "generic-secret", "--label", _label, "--key-length-bytes", "800", "--session").GetProperty("key");
        Assert.Equal(("generic-secret", 800), (key.GetProperty("attributes").GetProperty("key-type").GetString(), key.GetProperty("attributes").GetProperty("key-length-bytes").GetInt32()));
        Assert.Equal("session", key.GetProperty("key-info").GetProperty("cluster-coverage").GetString());
        _cli.Refused(["key", "generate-symmetric", "generic-secret", "--label", _label, "--key-length-bytes", "801"]);
    }

    [Fact]
    public void Keys_are_found_by_any_condition_as_they_are_printed()
    {
        Pair("ec --curve secp256r1", "sign=true", "verify=true");
        Aes(_label + "-a", "encrypt=true", "extractable=false");
        int Count(string condition) => _cli.AsUser("key", "find", "--where", $"label like '{_label}*' and ({condition})").GetProperty("total_key_count").GetInt32();
        Assert.Equal(3, Count("token"));
        Assert.Equal(1, Count("not extractable"));
        Assert.Equal(2, Count("extractable = true and sensitive = true or class = public-key"));
        Assert.Equal(1, Count("key-type in (aes, rsa)"));
        Assert.Equal(1, Count("key-length-bytes >= 32"));
        Assert.Equal(0, Count("id"));
        Assert.Equal(1, _cli.AsUser("key", "list", "--filter", Filter, "attr.sensitive=false").GetProperty("total_key_count").GetInt32());
        Assert.Contains("colour", _cli.Refused(["key", "find", "--where", "colour = red"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_unwrapping_key_prescribes_holds_for_every_key_that_it_unwraps()
    {
        Aes(_label, "wrap=true", "unwrap=true");
        Aes(_label + "-p");
        _cli.AsUser("key", "set-attribute", "--filter", Filter, "--name", "unwrap-template", "--value", "wrap-with-trusted=true extractable=false sign=false");
        var shown = _cli.AsUser("key", "list", "--filter", Filter, "--verbose").GetProperty("matched_keys")[0].GetProperty("attributes").GetProperty("unwrap-template");
        Assert.Equal((true, false), (shown.GetProperty("wrap-with-trusted").GetBoolean(), shown.GetProperty("extractable").GetBoolean()));

        var wrapped = _cli.AsUser("key", "wrap", "aes-no-pad", "--payload-filter", $"attr.label={_label}-p", "--wrapping-filter", Filter, "--path", _scratch["wrapped"]);
        Assert.False(wrapped.TryGetProperty("wrapped_key_data", out _));
        string[] unwrap = ["key", "unwrap", "aes-no-pad", "--filter", Filter, "--data-path", _scratch["wrapped"], "--key-type-class", "aes", "--label", _label + "-u"];
        var key = _cli.AsUser([.. unwrap, "--attributes", "encrypt=true"]).GetProperty("key").GetProperty("attributes");
        Assert.Equal((true, false, false, true), (key.GetProperty("wrap-with-trusted").GetBoolean(), key.GetProperty("extractable").GetBoolean(), key.GetProperty("sign").GetBoolean(), key.GetProperty("encrypt").GetBoolean()));
        Assert.NotEmpty(_cli.Refused([.. unwrap, "--attributes", "extractable=true"]));
    }

    [Fact]
    public void A_reference_names_the_private_key_for_openssl()
    {
        Pair("ec --curve secp256r1", "sign=true", "verify=true");
        _cli.AsUser("key", "generate-file", "--encoding", "cloudhsm-reference-pem", "--path", _scratch["reference.pem"], "--filter", Filter, "attr.class=private-key");
        var uri = File.ReadLines(_scratch["reference.pem"]).First();
        Assert.Contains($"UTF8STRING        :{uri}", OpenSslCommand.Run("asn1parse", "-in", _scratch["reference.pem"]).MustSucceed().Output, StringComparison.Ordinal);
        Programs.Run("openssl", ["req", "-new", "-engine", "pkcs11", "-keyform", "engine", "-key", uri, "-subj", "/CN=reference", "-out", _scratch["request.pem"]], OpenSsl.EngineConfiguration.Write(_scratch, _deployment)).MustSucceed();
        OpenSslCommand.Run("req", "-in", _scratch["request.pem"], "-verify", "-noout").MustSucceed();
        Assert.Contains("Windows", _cli.Refused(["key", "generate-file", "--encoding", "ksp-key-reference", "--path", _scratch["x"], "--filter", Filter]), StringComparison.Ordinal);
        foreach (var encoding in (string[])["reference-pem", "cloudhsm-reference-pem"])
        {
            Assert.Contains("no private key", _cli.Refused(["key", "generate-file", "--encoding", encoding, "--path", _scratch["x"], "--filter", Filter, "attr.class=public-key"]), StringComparison.Ordinal);
        }

        Assert.False(File.Exists(_scratch["x"]));
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
        foreach (var key in _cli.AsUser("key", "find", "--where", $"label like '{_label}*'", "--max-items", "100").GetProperty("matched_keys").EnumerateArray())
        {
            _cli.AsUser("key", "delete", "--filter", "key-reference=" + key.GetProperty("key-reference").GetString());
        }

        _scratch.Dispose();
    }

    private JsonElement Aes(string label, params string[] attributes) =>
        _cli.AsUser(["key", "generate-symmetric", "aes", "--label", label, "--key-length-bytes", "32", .. attributes.Length > 0 ? ["--attributes", .. attributes] : Array.Empty<string>()]).GetProperty("key");

    private void Pair(string kind, string privateAttribute, string publicAttribute, string? label = null) => _cli.AsUser([
        "key", "generate-asymmetric-pair", .. kind.Split(' '), "--public-label", label ?? _label, "--private-label", label ?? _label, "--private-attributes", privateAttribute, "--public-attributes", publicAttribute,
    ]);
}
