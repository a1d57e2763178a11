using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>
/// A shell script as one writes it with nothing but the AWS CloudHSM user guide ("CloudHSM CLI" reference, "Using trusted keys"): only names, options and values that stand there. It runs unchanged, and
/// what it prints has the documented keys and types.
/// </summary>
[Collection(typeof(SharedDeployment))]
public sealed class DocumentationScriptTests(QuickstartDeployment deployment) : IDisposable
{
    private const string Script = """
        set -e
        as_admin() { export CLOUDHSM_ROLE=admin CLOUDHSM_PIN=$ADMIN_PIN; }
        as() { export CLOUDHSM_ROLE=crypto-user CLOUDHSM_PIN=$1:$1-password; }

        # Users
        as_admin
        cloudhsm-cli user create --username alice --role crypto-user --password alice-password >user-create
        cloudhsm-cli user create --username bob --role crypto-user --password bob-password >user-create-2
        cloudhsm-cli user change-password --username alice --role crypto-user --password alice-password >user-change-password
        cloudhsm-cli user list >user-list
        cloudhsm-cli cluster hsm-info >hsm-info

        # Keys
        as alice
        cloudhsm-cli key generate-symmetric aes --label example-aes --key-length-bytes 16 --attributes decrypt=true encrypt=true >generate-aes
        cloudhsm-cli key generate-symmetric generic-secret --label example-generic-secret --key-length-bytes 256 >generate-generic-secret
        cloudhsm-cli key generate-asymmetric-pair ec --curve secp224r1 --public-label ec-public-key-example --private-label ec-private-key-example --public-attributes verify=true --private-attributes sign=true >generate-ec
        cloudhsm-cli key generate-asymmetric-pair rsa --public-exponent 65537 --modulus-size-bits 2048 --public-label rsa-public-key-example --private-label rsa-private-key-example --public-attributes verify=true --private-attributes sign=true >generate-rsa
        cloudhsm-cli crypto sign ecdsa --key-filter attr.label=ec-private-key-example --hash-function sha256 --data YWJjMTIz >sign
        cloudhsm-cli crypto verify ecdsa --hash-function sha256 --key-filter attr.label=ec-public-key-example --data YWJjMTIz --signature "$(sed -n 's/.*"signature": "\(.*\)".*/\1/p' sign)" >verify
        cloudhsm-cli crypto sign rsa-pkcs-pss --key-filter attr.label=rsa-private-key-example --hash-function sha256 --mgf mgf1-sha256 --salt-length 10 --data YWJjMTIz >sign-pss
        cloudhsm-cli key list --filter attr.label="example-aes" --verbose >key-list
        cloudhsm-cli key list --max-items 1 >key-list-first
        cloudhsm-cli key set-attribute --filter attr.label="example-aes" --name encrypt --value false >set-attribute
        cloudhsm-cli key generate-file --encoding pem --path ec.pem --filter attr.label=ec-public-key-example >generate-file
        cloudhsm-cli key import pem --path ec.pem --label imported-ec --key-type-class ec-public --attributes verify=true >import

        # Sharing
        cloudhsm-cli key share --filter attr.label="example-aes" attr.class=secret-key --username bob --role crypto-user >share
        as bob
        cloudhsm-cli key list --filter attr.label="example-aes" --verbose >key-list-shared
        if cloudhsm-cli key delete --filter attr.label="example-aes" >delete-shared; then exit 1; fi
        as alice
        cloudhsm-cli key unshare --filter attr.label="example-aes" attr.class=secret-key --username bob --role crypto-user >unshare

        # Wrap and unwrap between two users
        as bob
        cloudhsm-cli key generate-asymmetric-pair rsa --public-exponent 65537 --modulus-size-bits 2048 --public-label bob-wrap --private-label bob-unwrap --public-attributes wrap=true --private-attributes unwrap=true >generate-wrap
        as alice
        cloudhsm-cli key wrap rsa-aes --payload-filter attr.label=example-aes --wrapping-filter attr.label=bob-wrap --hash-function sha256 --mgf mgf1-sha256 >wrap
        as bob
        cloudhsm-cli key unwrap rsa-aes --key-type-class aes --label aes-unwrapped --filter attr.label=bob-unwrap --hash-function sha256 --mgf mgf1-sha256 --data "$(sed -n 's/.*"wrapped-key-data": "\(.*\)".*/\1/p' wrap)" >unwrap

        # Trusted keys: the wrapping key, the admin's trust, a key that leaves under trusted keys alone
        as alice
        cloudhsm-cli key generate-symmetric aes --label trusted-wrapping --key-length-bytes 32 --attributes wrap=true unwrap=true extractable=false >generate-trusted
        cloudhsm-cli key set-attribute --filter attr.label=trusted-wrapping --name unwrap-template --value "wrap-with-trusted=true extractable=true" >set-template
        cloudhsm-cli key generate-symmetric aes --label only-under-trusted --key-length-bytes 32 --attributes wrap-with-trusted=true >generate-payload
        if cloudhsm-cli key wrap aes-gcm --payload-filter attr.label=only-under-trusted --wrapping-filter attr.label=trusted-wrapping --tag-length-bits 64 --aad 0x10 >wrap-untrusted; then exit 1; fi
        if cloudhsm-cli key set-attribute --filter attr.label=trusted-wrapping --name trusted --value true >trust-by-user; then exit 1; fi
        as_admin
        cloudhsm-cli key list --filter attr.label=trusted-wrapping >admin-key-list
        cloudhsm-cli key set-attribute --filter attr.label=trusted-wrapping --name trusted --value true >trust
        as alice
        cloudhsm-cli key wrap aes-gcm --payload-filter attr.label=only-under-trusted --wrapping-filter attr.label=trusted-wrapping --tag-length-bits 128 --aad 0x10 >wrap-trusted
        cloudhsm-cli key unwrap aes-gcm --key-type-class aes --label unwrapped-under-trusted --filter attr.label=trusted-wrapping --tag-length-bits 128 --aad 0x10 --iv "$(sed -n 's/.*"iv": "\(.*\)".*/\1/p' wrap-trusted)" --data "$(sed -n 's/.*"wrapped_key_data": "\(.*\)".*/\1/p' wrap-trusted)" >unwrap-trusted

        """;

    private readonly CommandLine _cli = new(deployment);
    private readonly Scratch _scratch = new();

    public void Dispose()
    {
        foreach (var user in new[] { "alice", "bob" })
        {
            foreach (var key in KeysOf(user))
            {
                _cli.Run(["key", "delete", "--filter", "key-reference=" + key], "crypto-user", $"{user}:{user}-password");
            }

            _cli.Run(["user", "delete", "--username", user, "--role", "crypto-user"], "admin", _cli.AdminPin);
        }

        _scratch.Dispose();
    }

    [Fact]
    public void It_runs_unchanged_and_gives_the_documented_json()
    {
        var environment = new Dictionary<string, string>(deployment.Variables) { ["ADMIN_PIN"] = _cli.AdminPin, ["PATH"] = Path.Combine(deployment.Dir, "bin") + ":/usr/bin:/bin" };
        Programs.Run("bash", ["-c", Script], environment, within: TimeSpan.FromMinutes(4), folder: _scratch.Folder).MustSucceed();

        Assert.Equal(["username", "role"], Names(Data("user-create")));
        var user = Data("user-list").GetProperty("users").EnumerateArray().First(one => one.GetProperty("username").GetString() == "alice");
        Assert.Equal(["username", "role", "locked", "mfa", "quorum", "cluster-coverage"], Names(user));
        Assert.Equal(["hsms"], Names(Data("hsm-info")));

        var key = Data("generate-aes").GetProperty("key");
        Assert.Equal(["key-reference", "key-info", "attributes"], Names(key));
        Assert.Equal(["key-owners", "shared-users", "key-quorum-values", "cluster-coverage"], Names(key.GetProperty("key-info")));
        Assert.Equal(("alice", "full"), (key.GetProperty("key-info").GetProperty("key-owners")[0].GetProperty("username").GetString(), key.GetProperty("key-info").GetProperty("key-owners")[0].GetProperty("key-coverage").GetString()));
        Assert.Equal(["public_key", "private_key"], Names(Data("generate-ec")));
        Assert.Equal(("0x010001", 2048), (Data("generate-rsa").GetProperty("public_key").GetProperty("attributes").GetProperty("public-exponent").GetString(), Data("generate-rsa").GetProperty("public_key").GetProperty("attributes").GetProperty("modulus-size-bits").GetInt32()));
        Assert.Equal(["key-reference", "signature"], Names(Data("sign")));
        Assert.Equal(56, Convert.FromBase64String(Data("sign").GetProperty("signature").GetString()!).Length);
        Assert.Equal(["matched_keys", "total_key_count", "returned_key_count"], Names(Data("key-list")));
        Assert.Equal(["matched_keys", "total_key_count", "returned_key_count", "next_token"], Names(Data("key-list-first")));
        Assert.Equal("1", Data("key-list-first").GetProperty("next_token").GetString());
        Assert.Equal(["key", "message"], Names(Data("import")));

        foreach (var (file, message) in new[]
        {
            ("verify", "Signature verified successfully"), ("set-attribute", "Attribute set successfully"), ("generate-file", "Successfully generated key file"), ("import", "Successfully imported key"),
            ("share", "Key shared successfully"), ("unshare", "Key unshared successfully"), ("set-template", "Attribute set successfully"), ("trust", "Attribute set successfully"),
        })
        {
            Assert.Equal(message, Data(file).GetProperty("message").GetString());
        }

        var shared = Data("key-list-shared").GetProperty("matched_keys")[0].GetProperty("key-info");
        Assert.Equal(("alice", "bob"), (shared.GetProperty("key-owners")[0].GetProperty("username").GetString(), shared.GetProperty("shared-users")[0].GetProperty("username").GetString()));

        Assert.Equal(["payload-key-reference", "wrapping-key-reference", "wrapped-key-data"], Names(Data("wrap")));
        Assert.Equal(["payload_key_reference", "wrapping_key_reference", "iv", "wrapped_key_data"], Names(Data("wrap-trusted")));
        Assert.Equal(Check("generate-aes", "key"), Check("unwrap", "key"));
        var unwrapped = Data("unwrap-trusted").GetProperty("key").GetProperty("attributes");
        Assert.Equal((true, false), (unwrapped.GetProperty("wrap-with-trusted").GetBoolean(), unwrapped.GetProperty("local").GetBoolean()));

        // An admin sees which key it is and no more.
        Assert.Equal(["label"], Names(Data("admin-key-list").GetProperty("matched_keys")[0].GetProperty("attributes")));
        foreach (var refused in new[] { "delete-shared", "wrap-untrusted", "trust-by-user" })
        {
            var answer = Answer(refused);
            Assert.Equal((1, JsonValueKind.String), (answer.GetProperty("error_code").GetInt32(), answer.GetProperty("data").ValueKind));
        }
    }

    // With everybody's public keys, of which other tests leave many.
    private IEnumerable<string> KeysOf(string user)
    {
        var listed = _cli.Run(["key", "find", "--where", "token", "--max-items", "10000"], "crypto-user", $"{user}:{user}-password");
        return listed.ExitCode != 0 ? [] : [.. CommandLine.Data(listed).GetProperty("matched_keys").EnumerateArray().Select(key => key.GetProperty("key-reference").GetString()!)];
    }

    private JsonElement Answer(string file) => JsonDocument.Parse(File.ReadAllText(_scratch[file])).RootElement;

    private JsonElement Data(string file)
    {
        Assert.Equal(0, Answer(file).GetProperty("error_code").GetInt32());
        return Answer(file).GetProperty("data");
    }

    private string Check(string file, string name) => Data(file).GetProperty(name).GetProperty("attributes").GetProperty("check-value").GetString()!;

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(member => member.Name);
}
