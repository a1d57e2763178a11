using System.Security.Cryptography;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Pkcs11Tool;

/// <summary>pkcs11-tool looks at the token, runs its own test, and is refused what it must not have.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class TokenTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void Its_own_test_finds_no_error()
    {
        var user = new CryptoUser(deployment, "tool");
        user.Pkcs11("--keypairgen", "--key-type", "rsa:2048", "--usage-sign", "--usage-decrypt", "--id", "7e57", "--label", "tested").MustSucceed();
        var test = user.Pkcs11("--test").MustSucceed();

        Assert.True(test.Output.Contains("No errors", StringComparison.Ordinal), test.Output + test.Errors);
    }

    [Fact]
    public void A_forked_child_initialises_anew()
    {
        Assert.DoesNotContain("error", deployment.Pkcs11LoggedIn("--test-fork").MustSucceed().Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void There_is_one_slot_with_the_token()
    {
        var slots = deployment.Pkcs11("--list-token-slots").MustSucceed().Output;

        Assert.Single(slots.Split('\n'), line => line.StartsWith("Slot ", StringComparison.Ordinal));
        Assert.Matches($"token label *: *{deployment.TokenLabel}", slots);
        Assert.Contains("login required", slots, StringComparison.Ordinal);
    }

    [Fact]
    public void The_mechanisms_of_the_first_release_are_announced()
    {
        var mechanisms = deployment.Pkcs11("--list-mechanisms").MustSucceed().Output;

        foreach (var name in (string[])["AES-KEY-GEN", "AES-GCM", "AES-CBC-PAD", "AES-KEY-WRAP", "RSA-PKCS-KEY-PAIR-GEN", "RSA-PKCS", "SHA256-RSA-PKCS-PSS", "ECDSA-KEY-PAIR-GEN", "ECDSA", "SHA256-HMAC", "SHA256", "SHA512"])
        {
            Assert.Matches($@"(?m)^  {name}[, ]", mechanisms.Replace("\r", "", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void A_digest_is_the_one_that_everybody_computes(string mechanism)
    {
        var data = RandomNumberGenerator.GetBytes(200_000);
        deployment.Pkcs11("--token-label", deployment.TokenLabel, "--hash", "--mechanism", mechanism, "--input-file", _scratch.Write("data", data), "--output-file", _scratch["digest"]).MustSucceed();

        Assert.Equal(CryptographicOperations.HashData(new HashAlgorithmName(mechanism), data), File.ReadAllBytes(_scratch["digest"]));
    }

    [Fact]
    public void Random_bytes_come_in_the_length_asked_for_and_never_twice()
    {
        foreach (var file in (string[])["one", "two"])
        {
            deployment.Pkcs11("--token-label", deployment.TokenLabel, "--generate-random", "64", "--output-file", _scratch[file]).MustSucceed();
            Assert.Equal(64, new FileInfo(_scratch[file]).Length);
        }

        Assert.NotEqual(File.ReadAllBytes(_scratch["one"]), File.ReadAllBytes(_scratch["two"]));
    }

    [Fact]
    public void Keys_are_listed_after_a_login_and_gone_after_their_deletion()
    {
        deployment.Pkcs11LoggedIn("--keygen", "--key-type", "AES:16", "--id", "0abc", "--label", "short-lived", "--private").MustSucceed();
        Assert.Contains("short-lived", deployment.Pkcs11LoggedIn("--list-objects").MustSucceed().Output, StringComparison.Ordinal);
        Assert.DoesNotContain("short-lived", deployment.Pkcs11("--token-label", deployment.TokenLabel, "--list-objects").MustSucceed().Output, StringComparison.Ordinal);

        deployment.Pkcs11LoggedIn("--delete-object", "--type", "secrkey", "--id", "0abc").MustSucceed();
        Assert.DoesNotContain("short-lived", deployment.Pkcs11LoggedIn("--list-objects").MustSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sensitive_key_is_not_given_out()
    {
        deployment.Pkcs11LoggedIn("--keygen", "--key-type", "AES:32", "--id", "0abd", "--label", "secret", "--sensitive").MustSucceed();

        deployment.Pkcs11LoggedIn("--read-object", "--type", "secrkey", "--id", "0abd", "--output-file", _scratch["stolen"]);

        Assert.True(!File.Exists(_scratch["stolen"]) || new FileInfo(_scratch["stolen"]).Length == 0, "the key was read");
    }

    [Fact]
    public void A_wrong_password_is_refused()
    {
        deployment.Pkcs11("--token-label", deployment.TokenLabel, "--login", "--pin", "crypto_user:wrong-password", "--list-objects").MustFail("CKR_PIN_INCORRECT");

        // The right one still works, and takes the failure off the count.
        deployment.Pkcs11LoggedIn("--list-objects").MustSucceed();
    }

    [Fact]
    public void An_admin_is_its_security_officer_who_makes_a_user_that_changes_its_PIN()
    {
        var cli = new CloudHsmCli.CommandLine(deployment);
        string[] token = ["--token-label", deployment.TokenLabel, "--login"];
        try
        {
            deployment.Pkcs11([.. token, "--login-type", "so", "--so-pin", cli.AdminPin, "--init-pin", "--new-pin", "tool_user:tool-password-1"]).MustSucceed();
            deployment.Pkcs11([.. token, "--pin", "tool_user:tool-password-1", "--list-objects"]).MustSucceed();
            deployment.Pkcs11([.. token, "--pin", "tool_user:tool-password-1", "--change-pin", "--new-pin", "tool_user:tool-password-2"]).MustSucceed();
            deployment.Pkcs11([.. token, "--pin", "tool_user:tool-password-1", "--list-objects"]).MustFail("CKR_PIN_INCORRECT");
            deployment.Pkcs11([.. token, "--pin", "tool_user:tool-password-2", "--list-objects"]).MustSucceed();
        }
        finally
        {
            cli.Run(["user", "delete", "--username", "tool_user", "--role", "crypto-user"], "admin", cli.AdminPin);
        }
    }

    public void Dispose() => _scratch.Dispose();
}
