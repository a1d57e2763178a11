using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>
/// The user guide's "Quorum authentication" and "MFA" as a shell script: three admins register keys, two of them approve what one of them does; a crypto user logs in with a signature. Tokens are bound to a login, so it drives interactive mode, as the guide
/// does; sed and openssl fill in the files.
/// </summary>
public sealed class DocumentationQuorumScriptTests : IDisposable
{
    private const string Script = """
        set -e
        answer() { local line; while IFS= read -r line <&"${cli[0]}"; do printf '%s\n' "$line"; [ "$line" != '}' ] || return 0; done; return 1; }
        say() { printf '%s\n' "$1" >&"${cli[1]}"; answer; }
        field() { sed -n 's/.*"'"$1"'": "\(.*\)".*/\1/p' "$2" | head -n 1; }
        sign() { field "$2" "$3" | base64 -d | openssl pkeyutl -sign -inkey "$1.key" -pkeyopt digest:sha256 | base64 -w 0; }
        interactive() { coproc cli { exec cloudhsm-cli interactive 2>/dev/null; }; }
        log_in() { interactive; say "login --username $1 --role admin --password $1-password" >"login-$1"; }
        log_out() { say logout >logout; local pid=$cli_PID; printf 'quit\n' >&"${cli[1]}"; wait "$pid"; }

        export CLOUDHSM_ROLE=admin CLOUDHSM_PIN=$ADMIN_PIN
        for admin in admin1 admin2 admin3; do
            cloudhsm-cli user create --username $admin --role admin --password $admin-password >create-$admin
            openssl genrsa -out $admin.key 2048 2>/dev/null
            openssl rsa -in $admin.key -outform PEM -pubout -out $admin.pub 2>/dev/null
            log_in $admin
            say "quorum token-sign generate --service registration --token $admin.token" >generate-$admin
            sed "s|\"signed\": \"\"|\"signed\": \"$(sign $admin unsigned $admin.token)\"|" $admin.token >$admin.signed
            say "user change-quorum token-sign register --public-key $admin.pub --signed-token $admin.signed" >register-$admin
            log_out
        done

        # Multi-factor authentication: the program writes a challenge, waits, and is told where the signed one and the public key are
        signed_by() { until grep -qs '^}' "$2.token"; do sleep 0.1; done; sed "s|\"signed\": \"\"|\"signed\": \"$(sign $1 unsigned $2.token)\"|" $2.token >$2.signed; }
        cloudhsm-cli user create --username dave --role crypto-user --password dave-password >create-dave
        openssl genrsa -out dave.key 2048 2>/dev/null
        openssl rsa -in dave.key -outform PEM -pubout -out dave.pub 2>/dev/null
        interactive
        say "login --username dave --role crypto-user --password dave-password" >login-dave
        printf 'user change-mfa token-sign --username dave --role crypto-user --token mfa.token\n' >&"${cli[1]}"
        signed_by dave mfa
        printf 'mfa.signed\ndave.pub\n' >&"${cli[1]}"
        answer >change-mfa
        log_out
        if CLOUDHSM_ROLE=crypto-user CLOUDHSM_PIN=dave:dave-password cloudhsm-cli key list >without-mfa; then exit 1; fi
        interactive
        printf 'login --username dave --role crypto-user --password dave-password mfa-token-sign --token login.token\n' >&"${cli[1]}"
        signed_by dave login
        printf 'login.signed\n' >&"${cli[1]}"
        answer >login-mfa
        say "key list" >key-list-mfa
        log_out

        cloudhsm-cli user list >user-list
        # The service that guards the numbers goes first; what follows takes approvals
        cloudhsm-cli quorum token-sign set-quorum-value --service quorum --value 2 >set-value
        log_in admin1
        one() { printf '{"username": "%s", "role": "admin", "signature": "%s"}' "$1" "$(sign "$1" token "$2")"; }
        say "quorum token-sign generate --service quorum --token quorum.token" >generate-quorum
        sed "s|\"signatures\": \[\]|\"signatures\": [$(one admin1 quorum.token), $(one admin2 quorum.token)]|" quorum.token >quorum.approved
        say "quorum token-sign set-quorum-value --service user --value 2 --approval quorum.approved" >set-user-value
        say "quorum token-sign list-quorum-values" >values

        say "user create --username carol --role crypto-user --password carol-password" >without
        say "quorum token-sign generate --service user --token user.token" >generate
        say "quorum token-sign list" >tokens
        sed "s|\"signatures\": \[\]|\"signatures\": [$(one admin1 user.token)]|" user.token >one.token
        say "user create --username carol --role crypto-user --password carol-password --approval one.token" >with-one
        sed "s|\"signatures\": \[\]|\"signatures\": [$(one admin1 user.token), $(one admin3 user.token)]|" user.token >two.token
        say "user create --username carol --role crypto-user --password carol-password --approval two.token" >with-two
        say "user delete --username carol --role crypto-user --approval two.token" >again
        log_out
        """;

    private readonly QuickstartDeployment _deployment = new();
    private readonly Scratch _scratch = new();

    public void Dispose()
    {
        _deployment.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Three_admins_of_whom_two_approve()
    {
        var environment = new Dictionary<string, string>(_deployment.Variables) { ["ADMIN_PIN"] = new CommandLine(_deployment).AdminPin, ["PATH"] = Path.Combine(_deployment.Dir, "bin") + ":/usr/bin:/bin" };
        Programs.Run("bash", ["-c", Script], environment, within: TimeSpan.FromMinutes(4), folder: _scratch.Folder).MustSucceed();

        Assert.Equal(("admin1", "admin"), (Data("register-admin1").GetProperty("username").GetString(), Data("register-admin1").GetProperty("role").GetString()));
        var listed = Data("user-list").GetProperty("users").EnumerateArray().Single(user => user.GetProperty("username").GetString() == "admin2");
        Assert.Equal(("token-sign", "enabled"), (listed.GetProperty("quorum")[0].GetProperty("strategy").GetString(), listed.GetProperty("quorum")[0].GetProperty("status").GetString()));
        Assert.Equal(("dave", "crypto-user"), (Data("change-mfa").GetProperty("username").GetString(), Data("login-mfa").GetProperty("role").GetString()));
        Assert.Equal(["matched_keys", "total_key_count", "returned_key_count"], Data("key-list-mfa").EnumerateObject().Select(member => member.Name));
        Assert.NotEmpty(Refused("without-mfa"));
        var dave = Data("user-list").GetProperty("users").EnumerateArray().Single(user => user.GetProperty("username").GetString() == "dave").GetProperty("mfa")[0];
        Assert.Equal(("token-sign", "enabled"), (dave.GetProperty("strategy").GetString(), dave.GetProperty("status").GetString()));
        Assert.Equal(("Set Quorum Value successful", "Set Quorum Value successful"), (Data("set-value").GetString(), Data("set-user-value").GetString()));
        Assert.Equal((2, 2), (Data("values").GetProperty("user").GetInt32(), Data("values").GetProperty("quorum").GetInt32()));
        Assert.Equal("user.token", Data("generate").GetProperty("path").GetString());
        Assert.Equal(2, Data("tokens").GetProperty("tokens")[0].GetProperty("approvals-required").GetInt32());
        Assert.Equal("Quorum approval is required for this operation", Refused("without"));
        Assert.Equal("Quorum Failed", Refused("with-one"));
        Assert.Equal("carol", Data("with-two").GetProperty("username").GetString());
        Assert.Equal("Quorum Failed", Refused("again"));
    }

    private JsonElement Answer(string file) => JsonDocument.Parse(File.ReadAllText(_scratch[file])).RootElement;

    private JsonElement Data(string file)
    {
        Assert.Equal(0, Answer(file).GetProperty("error_code").GetInt32());
        return Answer(file).GetProperty("data");
    }

    private string Refused(string file)
    {
        Assert.Equal(1, Answer(file).GetProperty("error_code").GetInt32());
        return Answer(file).GetProperty("data").GetString()!;
    }
}
