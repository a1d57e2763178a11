using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>user, login and cluster commands: the keys, types and exit status that scripts for AWS's tool rely on.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class UserTests(QuickstartDeployment deployment)
{
    private readonly CommandLine _cli = new(deployment);

    [Fact]
    public void A_user_is_created_listed_logs_in_gets_another_password_and_is_deleted()
    {
        var created = _cli.AsAdmin("user", "create", "--username", "cli_alice", "--role", "crypto-user", "--password", "alice-password-1");
        Assert.Equal(("cli_alice", "crypto-user"), (created.GetProperty("username").GetString(), created.GetProperty("role").GetString()));

        var listed = _cli.AsAdmin("user", "list").GetProperty("users").EnumerateArray().Single(user => user.GetProperty("username").GetString() == "cli_alice");
        Assert.Equal(["username", "role", "locked", "mfa", "quorum", "cluster-coverage"], listed.EnumerateObject().Select(property => property.Name));
        Assert.Equal("false", listed.GetProperty("locked").GetString());
        Assert.Equal("full", listed.GetProperty("cluster-coverage").GetString());

        CommandLine.Data(_cli.Run(["key", "list"], "crypto-user", "cli_alice:alice-password-1"));
        _cli.AsAdmin("user", "change-password", "--username", "cli_alice", "--role", "crypto-user", "--password", "alice-password-2");
        _cli.Refused(["key", "list"], "crypto-user", "cli_alice:alice-password-1");
        CommandLine.Data(_cli.Run(["key", "list"], "crypto-user", "cli_alice:alice-password-2"));

        _cli.AsAdmin("user", "delete", "--username", "cli_alice", "--role", "crypto-user");
        Assert.DoesNotContain("cli_alice", _cli.AsAdmin("user", "list").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_hsm_tells_about_itself_without_a_login()
    {
        var hsm = Assert.Single(_cli.AsUser("cluster", "hsm-info").GetProperty("hsms").EnumerateArray());
        string[] names =
        [
            "vendor", "model", "serial-number", "hardware-version-major", "hardware-version-minor", "firmware-version-major", "firmware-version-minor", "firmware-build-number", "firmware-id", "fips-state",
        ];
        Assert.Equal(names, hsm.EnumerateObject().Select(property => property.Name));
        Assert.StartsWith("0 ", hsm.GetProperty("fips-state").GetString(), StringComparison.Ordinal);
    }

    public static TheoryData<string> WrongCommands =>
    [
        "nonsense", "user", "user create", "user create --username x --role king --password long-enough-1", "user list --colour", "key delete --filter attr.label=no-such-key",
        "key list --filter attr.colour=red", "key list --filter label=x", "key generate-symmetric aes --label x --key-length-bytes 17", "key generate-asymmetric-pair ec --curve secp112r1 --public-label x --private-label y",
        "key import pem --path /no/such/file --label x --key-type-class ec-public", "crypto sign ecdsa --key-filter attr.label=no-such-key --hash-function sha256 --data aGk=",
        "key set-attribute --filter attr.label=no-such-key --name sign --value true", "login --username nobody --role admin --password wrong-password-1",
    ];

    [Theory]
    [MemberData(nameof(WrongCommands))]
    public void What_is_wrong_is_one_json_error_with_exit_status_1(string command) => Assert.NotEmpty(_cli.Refused(command.Split(' ')));

    [Fact]
    public void What_a_role_may_not_do_is_refused_and_changes_nothing()
    {
        Assert.NotEmpty(_cli.Refused(["user", "create", "--username", "cli_eve", "--role", "crypto-user", "--password", "eve-password-1"]));
        Assert.NotEmpty(_cli.Refused(["key", "generate-symmetric", "aes", "--label", "cli-admins-key", "--key-length-bytes", "32"], "admin", _cli.AdminPin));
        Assert.NotEmpty(_cli.Refused(["user", "delete", "--username", "admin", "--role", "admin"], "admin", _cli.AdminPin));
        Assert.DoesNotContain("cli_eve", _cli.AsAdmin("user", "list").ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _cli.AsUser("key", "list", "--filter", "attr.label=cli-admins-key").GetProperty("total_key_count").GetInt32());
    }
}
