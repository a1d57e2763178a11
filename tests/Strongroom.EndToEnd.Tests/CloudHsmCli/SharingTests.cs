using System.Globalization;
using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>key share and unshare between two users, one of whom works through the PKCS#11 library.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class SharingTests : IDisposable
{
    private const string OwnerPin = "share_owner:owner-password-1";
    private static readonly Mechanism Ecdsa = new(0x1041);

    private readonly QuickstartDeployment _deployment;
    private readonly CommandLine _cli;
    private readonly string _user;

    public SharingTests(QuickstartDeployment deployment)
    {
        (_deployment, _cli) = (deployment, new CommandLine(deployment));
        _user = deployment.Pin[..deployment.Pin.IndexOf(':', StringComparison.Ordinal)];
        _cli.AsAdmin("user", "create", "--username", "share_owner", "--role", "crypto-user", "--password", "owner-password-1");
    }

    [Fact]
    public void A_program_uses_a_shared_key_until_the_owner_takes_it_back()
    {
        var reference = Pair();
        string[] filter = ["--filter", "key-reference=" + reference], user = ["--username", _user, "--role", "crypto-user"];
        Assert.Equal("Key shared successfully", AsOwner(["key", "share", .. filter, .. user]).GetProperty("message").GetString());
        var info = AsOwner(["key", "list", "--verbose", .. filter]).GetProperty("matched_keys")[0].GetProperty("key-info");
        Assert.Equal(["key-owners", "shared-users", "key-quorum-values", "cluster-coverage"], info.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("share_owner", "full"), (info.GetProperty("key-owners")[0].GetProperty("username").GetString(), info.GetProperty("key-owners")[0].GetProperty("key-coverage").GetString()));
        Assert.Equal(_user, Assert.Single(info.GetProperty("shared-users").EnumerateArray()).GetProperty("username").GetString());
        Assert.Equal(0, info.GetProperty("key-quorum-values").GetProperty("use-key-quorum-value").GetInt32());
        Assert.Equal(1, _cli.AsUser(["key", "list", .. filter]).GetProperty("total_key_count").GetInt32());
        Assert.NotEmpty(_cli.Refused(["key", "delete", .. filter]));
        Assert.NotEmpty(_cli.Refused(["key", "set-attribute", .. filter, "--name", "label", "--value", "mine"]));
        Assert.NotEmpty(_cli.Refused(["key", "unshare", .. filter, .. user]));

        // The library judges C_SignInit from memory the second time; what it remembers must not outlive the share.
        var token = Token.Of(_deployment);
        var handle = ulong.Parse(reference.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.Equal(Ck.Ok, token.Sign(Ecdsa, handle, new byte[32]).Rv);
        Assert.Equal(Ck.Ok, token.Sign(Ecdsa, handle, new byte[32]).Rv);
        Assert.Equal("Key unshared successfully", AsOwner(["key", "unshare", .. filter, .. user]).GetProperty("message").GetString());
        Assert.Equal(0x60UL, token.Sign(Ecdsa, handle, new byte[32]).Rv);
        Assert.Equal(0x60UL, token.Sign(Ecdsa, handle, new byte[32]).Rv);
        token.Dispose();
        Assert.Equal(0, _cli.AsUser(["key", "list", .. filter]).GetProperty("total_key_count").GetInt32());
    }

    [Fact]
    public void A_key_is_shared_when_it_is_made_and_its_owner_is_not_deleted()
    {
        var key = AsOwner("key", "generate-symmetric", "aes", "--label", "share-aes", "--key-length-bytes", "32", "--attributes", "encrypt=true", "--share-crypto-users", _user).GetProperty("key");
        Assert.Equal(_user, key.GetProperty("key-info").GetProperty("shared-users")[0].GetProperty("username").GetString());
        Assert.NotEmpty(_cli.Refused(["key", "generate-symmetric", "aes", "--label", "share-none", "--key-length-bytes", "32", "--share-crypto-users", "no_such_user"], "crypto-user", OwnerPin));
        Assert.Equal(0, AsOwner("key", "list", "--filter", "attr.label=share-none").GetProperty("total_key_count").GetInt32());
        Assert.Contains("owns keys", _cli.Refused(["user", "delete", "--username", "share_owner", "--role", "crypto-user"], "admin", _cli.AdminPin), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (var key in AsOwner("key", "list", "--max-items", "1000", "--verbose").GetProperty("matched_keys").EnumerateArray())
        {
            if (key.GetProperty("key-info").GetProperty("key-owners")[0].GetProperty("username").GetString() == "share_owner")
            {
                AsOwner("key", "delete", "--filter", "key-reference=" + key.GetProperty("key-reference").GetString());
            }
        }

        _cli.AsAdmin("user", "delete", "--username", "share_owner", "--role", "crypto-user");
    }

    private string Pair() => AsOwner(
        "key", "generate-asymmetric-pair", "ec", "--curve", "secp256r1", "--public-label", "share-pair", "--private-label", "share-pair", "--private-attributes", "sign=true", "--public-attributes", "verify=true")
        .GetProperty("private_key").GetProperty("key-reference").GetString()!;

    private JsonElement AsOwner(params string[] arguments) => CommandLine.Data(_cli.Run(arguments, "crypto-user", OwnerPin));
}
