using System.Globalization;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>Quorum as AWS's guide has it: files, signed by openssl, handed back; three admins, and a key that takes approvals.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class QuorumTests : IDisposable
{
    private const string Needed = "Quorum approval is required for this operation";
    private const string Failed = "Quorum Failed";

    private readonly QuickstartDeployment _deployment;
    private readonly CommandLine _cli;
    private readonly Scratch _scratch = new();

    public QuorumTests(QuickstartDeployment deployment) => (_deployment, _cli) = (deployment, new CommandLine(deployment));

    [Fact]
    public void Users_change_by_two_of_three_admins()
    {
        using var admin = Shell("admin", _cli.AdminPin);
        var signers = new Dictionary<string, OpenSslSigner>();
        foreach (var (name, kind) in new[] { ("q_admin1", OpenSslSigner.Rsa), ("q_admin2", OpenSslSigner.P256), ("q_admin3", OpenSslSigner.Ed25519) })
        {
            admin.Data("user", "create", "--username", name, "--role", "admin", "--password", "admin-password-1");
            using var own = Shell("admin", name + ":admin-password-1");
            signers[name] = Register(own, name, kind);
        }

        var listed = admin.Data("user", "list").GetProperty("users").EnumerateArray().Single(user => user.GetProperty("username").GetString() == "q_admin1");
        Assert.Equal(("token-sign", "enabled"), (listed.GetProperty("quorum")[0].GetProperty("strategy").GetString(), listed.GetProperty("quorum")[0].GetProperty("status").GetString()));
        Assert.Equal((600, 600), (admin.Data("quorum", "token-sign", "list-timeouts").GetProperty("generated").GetInt32(), admin.Data("quorum", "token-sign", "list-timeouts").GetProperty("approved").GetInt32()));
        Assert.Equal("Set token timeout successful", admin.Data("quorum", "token-sign", "set-timeout", "--generated", "600").GetString());
        try
        {
            Assert.Equal("Set Quorum Value successful", admin.Data("quorum", "token-sign", "set-quorum-value", "--service", "quorum", "--value", "2").GetString());
            Assert.Equal(Needed, admin.Refused("quorum", "token-sign", "set-quorum-value", "--service", "user", "--value", "2"));
            Token(admin, "quorum", signers, "q_admin1", "q_admin2");
            admin.Data("quorum", "token-sign", "set-quorum-value", "--service", "user", "--value", "2", "--approval", _scratch["token"]);
            var values = admin.Data("quorum", "token-sign", "list-quorum-values");
            Assert.Equal((2, 2, 1), (values.GetProperty("user").GetInt32(), values.GetProperty("quorum").GetInt32(), values.GetProperty("cluster").GetInt32()));

            string[] create = ["user", "create", "--username", "q_carol", "--role", "crypto-user", "--password", "carol-password-1"];
            Assert.Equal(Needed, admin.Refused(create));
            Token(admin, "user", signers, "q_admin3");
            Assert.Equal(Failed, admin.Refused([.. create, "--approval", _scratch["token"]]));
            var tokens = admin.Data("quorum", "token-sign", "list").GetProperty("tokens");
            Assert.Equal(["username", "service", "approvals-required", "number-of-approvals", "token-timeout-seconds", "cluster-coverage"], tokens[0].EnumerateObject().Select(property => property.Name));
            Assert.Equal(("user", 2, 1), (tokens[0].GetProperty("service").GetString(), tokens[0].GetProperty("approvals-required").GetInt32(), tokens[0].GetProperty("number-of-approvals").GetInt32()));
            signers["q_admin2"].Approve(_scratch["token"], "admin");
            Assert.Equal("q_carol", admin.Data([.. create, "--approval", _scratch["token"]]).GetProperty("username").GetString());
            Assert.Equal(Failed, admin.Refused("user", "delete", "--username", "q_carol", "--role", "crypto-user", "--approval", _scratch["token"]));
            Assert.Equal("Deletion of quorum token(s) successful", admin.Data("quorum", "token-sign", "delete", "--scope", "all").GetString());
            Token(admin, "user", signers, "q_admin1", "q_admin3");
            admin.Data("user", "delete", "--username", "q_carol", "--role", "crypto-user", "--approval", _scratch["token"]);
        }
        finally
        {
            foreach (var service in new[] { "user", "quorum" })
            {
                Token(admin, "quorum", signers, "q_admin1", "q_admin2");
                admin.Data("quorum", "token-sign", "set-quorum-value", "--service", service, "--value", "1", "--approval", _scratch["token"]);
            }

            foreach (var name in signers.Keys)
            {
                admin.Data("user", "delete", "--username", name, "--role", "admin");
            }
        }
    }

    [Fact]
    public void A_key_signs_and_is_managed_by_two_of_its_users_and_not_through_a_library()
    {
        var user = _deployment.Pin[.._deployment.Pin.IndexOf(':', StringComparison.Ordinal)];
        _cli.AsAdmin("user", "create", "--username", "q_bob", "--role", "crypto-user", "--password", "bob-password-1");
        using var alice = Shell("crypto-user", _deployment.Pin);
        using var bob = Shell("crypto-user", "q_bob:bob-password-1");
        var signers = new Dictionary<string, OpenSslSigner> { [user] = Register(alice, user, OpenSslSigner.Rsa), ["q_bob"] = Register(bob, "q_bob", OpenSslSigner.P256) };
        var pair = alice.Data(
            "key", "generate-asymmetric-pair", "ec", "--curve", "secp256r1", "--public-label", "q-pub", "--private-label", "q-key", "--private-attributes", "sign=true", "--share-crypto-users", "q_bob",
            "--manage-private-key-quorum-value", "2", "--use-private-key-quorum-value", "2");
        var quorum = pair.GetProperty("private_key").GetProperty("key-info").GetProperty("key-quorum-values");
        Assert.Equal((2, 2), (quorum.GetProperty("manage-key-quorum-value").GetInt32(), quorum.GetProperty("use-key-quorum-value").GetInt32()));

        string[] filter = ["attr.label=q-key", "attr.class=private-key"], sign = ["crypto", "sign", "ecdsa", "--key-filter", .. filter, "--hash-function", "sha256", "--data", "aGVsbG8="];
        Assert.Equal(Needed, alice.Refused(sign));
        Token(alice, "key-usage", signers, [user, "q_bob"], filter);
        Assert.NotEmpty(alice.Data([.. sign, "--approval", _scratch["token"]]).GetProperty("signature").GetString()!);
        Assert.Equal(Failed, alice.Refused([.. sign, "--approval", _scratch["token"]]));
        string[] rename = ["key", "set-attribute", "--filter", .. filter, "--name", "derive", "--value", "true"];
        Assert.Equal(Needed, alice.Refused(rename));
        Token(alice, "key-management", signers, [user, "q_bob"], filter);
        Assert.Equal("key-management", alice.Data("quorum", "token-sign", "list").GetProperty("tokens").EnumerateArray().Single(token => token.TryGetProperty("key-reference", out _)).GetProperty("service").GetString());
        alice.Data([.. rename, "--approval", _scratch["token"]]);

        var token = Pkcs11Binding.Token.Of(_deployment);
        var handle = ulong.Parse(pair.GetProperty("private_key").GetProperty("key-reference").GetString().AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.Equal(0x200UL, token.Sign(new Mechanism(0x1041), handle, new byte[32]).Rv);
        token.Dispose();

        // An unwrapping that fails leaves the approval good, and so does the trying of what an EC key may be.
        alice.Data("key", "generate-symmetric", "aes", "--label", "q-wrap", "--key-length-bytes", "32", "--attributes", "wrap=true", "unwrap=true", "--share-crypto-users", "q_bob", "--manage-key-quorum-value", "2");
        alice.Data("key", "generate-asymmetric-pair", "ec", "--curve", "ed25519", "--public-label", "q-ed-pub", "--private-label", "q-ed");
        Token(alice, "key-management", signers, [user, "q_bob"], ["attr.label=q-wrap"]);
        var wrapped = alice.Data("key", "wrap", "aes-zero-pad", "--payload-filter", "attr.label=q-ed", "--wrapping-filter", "attr.label=q-wrap", "--wrapping-approval", _scratch["token"]).GetProperty("wrapped_key_data").GetString()!;
        Token(alice, "key-management", signers, [user, "q_bob"], ["attr.label=q-wrap"]);
        string[] unwrap = ["key", "unwrap", "aes-zero-pad", "--filter", "attr.label=q-wrap", "--key-type-class", "ec-private", "--label", "q-again", "--approval", _scratch["token"], "--data"];
        alice.Refused([.. unwrap, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]);
        Assert.Equal("ed25519", alice.Data([.. unwrap, wrapped]).GetProperty("key").GetProperty("attributes").GetProperty("curve").GetString());
        Assert.Equal(Failed, alice.Refused([.. unwrap, wrapped]));

        foreach (var label in new[] { "q-key", "q-pub", "q-wrap", "q-ed", "q-ed-pub", "q-again" })
        {
            alice.Data("key", "delete", "--filter", "attr.label=" + label);
        }

        _cli.AsAdmin("user", "delete", "--username", "q_bob", "--role", "crypto-user");
    }

    public void Dispose() => _scratch.Dispose();

    private InteractiveShell Shell(string role, string pin)
    {
        var shell = new InteractiveShell(_deployment);
        shell.LogIn(role, pin);
        return shell;
    }

    private OpenSslSigner Register(InteractiveShell shell, string name, string kind)
    {
        var (signer, path) = (new OpenSslSigner(_scratch, name, kind), _scratch["registration"]);
        Assert.Equal(path, shell.Data("quorum", "token-sign", "generate", "--service", "registration", "--token", path).GetProperty("path").GetString());
        signer.SignUnsigned(path);
        Assert.Equal(name, shell.Data("user", "change-quorum", "token-sign", "register", "--public-key", signer.PublicKey, "--signed-token", path).GetProperty("username").GetString());
        return signer;
    }

    private void Token(InteractiveShell shell, string service, Dictionary<string, OpenSslSigner> signers, params string[] names) => Token(shell, service, signers, names, []);

    private void Token(InteractiveShell shell, string service, Dictionary<string, OpenSslSigner> signers, string[] names, string[] filter)
    {
        shell.Data(["quorum", "token-sign", "generate", "--service", service, "--token", _scratch["token"], .. filter.Length > 0 ? ["--filter", .. filter] : Array.Empty<string>()]);
        foreach (var name in names)
        {
            signers[name].Approve(_scratch["token"], service.StartsWith("key", StringComparison.Ordinal) ? "crypto-user" : "admin");
        }
    }
}
