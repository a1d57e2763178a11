using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>One thing wrong at a time, in every command of the tree: one clear JSON error, exit status 1, and nothing changed.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class BadInputTests : IAsyncLifetime
{
    private const string Missing = "/no/such/file";

    // What anyone may, from the reference's command table; and what asks no HSM.
    private static readonly string[] WithoutLogin =
    [
        "cluster hsm-info", "cluster health", "cluster mtls list-trust-anchors", "user list", "logout", "quorum token-sign list", "quorum token-sign list-quorum-values", "quorum token-sign list-timeouts",
        "completion bash", "completion zsh", "completion fish", "key attest verify", "audit verify",
    ];

    // The options that name a file which is read.
    private static readonly string[] ReadFiles = ["--data-path", "--signature-path", "--recipient", "--certificate", "--trust-anchor", "--hardware-root", "--hsm-ca-cert", "--public-key", "--signed-token"];
    private static readonly string[] ReadPaths = ["key import pem", "key import pkcs8", "key import pkcs12", "key import jwk", "key import raw"];

    private readonly Scratch _scratch = new();
    private readonly CommandLine _cli;
    private readonly CommandWalk _walk;
    private readonly string _label = "bad-" + Guid.NewGuid().ToString("N")[..12];
    private readonly Dictionary<string, string> _user;
    private readonly Dictionary<string, string> _admin;
    private readonly Dictionary<string, string> _nobody;
    private string _before = "";

    public BadInputTests(QuickstartDeployment deployment)
    {
        _cli = new CommandLine(deployment);
        _user = new Dictionary<string, string>(deployment.Variables);
        _admin = new Dictionary<string, string>(deployment.Variables) { ["CLOUDHSM_ROLE"] = "admin", ["CLOUDHSM_PIN"] = _cli.AdminPin };
        _nobody = deployment.Variables.Where(pair => !pair.Key.StartsWith("CLOUDHSM_", StringComparison.Ordinal)).ToDictionary();
        var filter = "attr.label=" + _label;
        _walk = new CommandWalk(new Dictionary<string, string>
        {
            ["--filter"] = filter,
            ["--key-filter"] = filter,
            ["--payload-filter"] = filter,
            ["--wrapping-filter"] = filter,
            ["--where"] = "sign",
            ["--username"] = "bad_input",
            ["--role"] = "crypto-user",
            ["--password"] = "bad-input-1",
            ["--activation-code"] = "ABCD-EFGH",
            ["--passphrase"] = "bad-input",
            ["--label"] = _label,
            ["--public-label"] = _label,
            ["--private-label"] = _label,
            ["--key-length-bytes"] = "32",
            ["--modulus-size-bits"] = "2048",
            ["--public-exponent"] = "65537",
            ["--data"] = "aGVsbG8=",
            ["--signature"] = "aGVsbG8=",
            ["--tag-length-bits"] = "128",
            ["--iv"] = "0x000102030405060708090a0b",
            ["--salt-length"] = "32",
            ["--name"] = "sign",
            ["--value"] = "true",
            ["--path"] = _scratch["written"],
            ["--recipient"] = Public(),
            ["--certificate"] = Public(),
            ["--trust-anchor"] = Public(),
            ["--public-key"] = Public(),
            ["--signed-token"] = Public(),
            ["--token"] = _scratch["written"],
            ["--hardware-root"] = Public(),
            ["--hsm-ca-cert"] = Public(),
        });
    }

    public ValueTask InitializeAsync()
    {
        _before = State();
        return ValueTask.CompletedTask;
    }

    // Whatever was refused: the users and keys are what they were, and no file was written.
    public ValueTask DisposeAsync()
    {
        Assert.Equal(_before, State());
        Assert.False(Path.Exists(_scratch["written"]));
        _scratch.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_unknown_option_a_superfluous_word_and_a_missing_option_are_named()
    {
        foreach (var (name, command) in CommandWalk.All)
        {
            Assert.Contains("--no-such-option", await CommandWalk.RefusedAsync(_nobody, [.. _walk.Words(name, command), "--no-such-option"]), StringComparison.Ordinal);
            foreach (var option in CommandWalk.Options(command).Where(option => option.Required))
            {
                Assert.Contains(option.Name, await CommandWalk.RefusedAsync(_nobody, _walk.Words(name, command, without: option)), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_value_that_is_none_of_those_possible_is_refused()
    {
        foreach (var (name, command) in CommandWalk.All)
        {
            foreach (var option in CommandWalk.Options(command).Where(option => option.ValueType != typeof(bool) && option.GetCompletions(CompletionContext.Empty).Any()))
            {
                Assert.Contains("nonsense", await CommandWalk.RefusedAsync(_nobody, _walk.Words(name, command, null, (option.Name, "nonsense"))), StringComparison.Ordinal);
            }

            foreach (var option in CommandWalk.Options(command).Where(option => option.ValueType == typeof(int) || option.ValueType == typeof(ulong)))
            {
                await CommandWalk.RefusedAsync(_nobody, _walk.Words(name, command, null, (option.Name, "many")));
                await CommandWalk.RefusedAsync(_nobody, _walk.Words(name, command, null, (option.Name, "-1")));
            }
        }
    }

    [Fact]
    public async Task Without_a_login_only_what_anyone_may_is_done()
    {
        foreach (var (name, command) in CommandWalk.All.Where(leaf => !WithoutLogin.Contains(leaf.Name)))
        {
            await CommandWalk.RefusedAsync(_nobody, _walk.Words(name, command));
        }
    }

    [Fact]
    public async Task What_the_other_role_does_is_refused()
    {
        string[] ofUsers = ["key ", "crypto "], ofAdmins = ["user create", "user delete", "audit list", "audit follow", "audit export", "cluster certificate", "quorum token-sign set-"];
        string[] ofBoth = ["key list", "key find", "key attest verify", "key set-attribute", "key replicate"];
        foreach (var (name, command) in CommandWalk.All.Where(leaf => !ofBoth.Contains(leaf.Name)))
        {
            if (ofUsers.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                await CommandWalk.RefusedAsync(_admin, _walk.Words(name, command));
            }
            else if (ofAdmins.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                await CommandWalk.RefusedAsync(_user, _walk.Words(name, command));
            }
        }
    }

    [Fact]
    public async Task A_filter_that_matches_none_or_several_or_is_none_names_what_it_matched()
    {
        foreach (var (name, command) in CommandWalk.All.Where(leaf => leaf.Name.StartsWith("key ", StringComparison.Ordinal) || leaf.Name.StartsWith("crypto ", StringComparison.Ordinal)))
        {
            foreach (var option in CommandWalk.Options(command).Where(option => option.Name.EndsWith("filter", StringComparison.Ordinal)))
            {
                foreach (var bad in new[] { "label=x", "attr.colour=red", "attr.sign=maybe", "key-reference=none", "attr.label" })
                {
                    await CommandWalk.RefusedAsync(_user, _walk.Words(name, command, null, (option.Name, bad)));
                }
            }
        }

        Assert.Contains("matched 0 keys", await CommandWalk.RefusedAsync(_user, "key", "delete", "--filter", "attr.label=" + _label), StringComparison.Ordinal);
        Make();
        Make();
        try
        {
            foreach (var (name, command) in CommandWalk.All.Where(leaf => leaf.Name is "key delete" or "key set-attribute" or "key export" or "key attest" || leaf.Name.StartsWith("key wrap", StringComparison.Ordinal) || leaf.Name.StartsWith("crypto sign", StringComparison.Ordinal)))
            {
                if (CommandWalk.Options(command).Any(option => option.Name.EndsWith("filter", StringComparison.Ordinal)))
                {
                    Assert.Contains("matched 2 keys. Refine selection criteria", await CommandWalk.RefusedAsync(_user, _walk.Words(name, command)), StringComparison.Ordinal);
                }
            }
        }
        finally
        {
            foreach (var key in _cli.AsUser("key", "list", "--filter", "attr.label=" + _label).GetProperty("matched_keys").EnumerateArray())
            {
                _cli.AsUser("key", "delete", "--filter", "key-reference=" + key.GetProperty("key-reference").GetString());
            }
        }
    }

    [Fact]
    public async Task A_missing_file_and_one_with_something_else_in_it_are_named()
    {
        var garbage = _scratch.Write("garbage", "-----BEGIN NOTHING-----\nAAAA\n-----END NOTHING-----\n");
        foreach (var (name, command) in CommandWalk.All.Where(leaf => leaf.Name is not ("key attest verify" or "audit verify")))
        {
            var environment = name.StartsWith("cluster ", StringComparison.Ordinal) ? _admin : _user;
            foreach (var option in CommandWalk.Options(command).Where(option => ReadFiles.Contains(option.Name) || (option.Name == "--path" && ReadPaths.Contains(name))))
            {
                string[] Words(string file) => _walk.Words(name, command, Other(command, option.Name), (option.Name, file));
                Assert.Contains(Missing, await CommandWalk.RefusedAsync(environment, Words(Missing)), StringComparison.Ordinal);
                Assert.Contains("empty", await CommandWalk.RefusedAsync(environment, Words("")), StringComparison.Ordinal);
                if (option.Name is not ("--data-path" or "--signature-path") && name != "key import raw")
                {
                    await CommandWalk.RefusedAsync(environment, Words(garbage));
                }
            }
        }
    }

    [Fact]
    public async Task Without_an_HSM_each_command_says_so_and_ends()
    {
        var nowhere = new Dictionary<string, string>(_user) { ["STRONGROOM_CLI_CONFIG"] = _scratch.Write("nowhere.cfg", File.ReadAllText(_user["STRONGROOM_CLI_CONFIG"]).Replace(Address(), "127.0.99.99", StringComparison.Ordinal)) };
        var offline = new[] { "completion bash", "completion zsh", "completion fish", "key attest verify", "audit verify" };
        await Task.WhenAll(CommandWalk.All.Where(leaf => !offline.Contains(leaf.Name)).Select(leaf => CommandWalk.RefusedAsync(nowhere, _walk.Words(leaf.Name, leaf.Command))));
        Assert.Contains("127.0.99.99", await CommandWalk.RefusedAsync(nowhere, "user", "list"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no \"clusters\"")]
    [InlineData("{\"clusters\":[]}", "0 clusters")]
    [InlineData("{\"clusters\":[{}]}", "neither")]
    [InlineData("{\"clusters\":[{\"hsms\":[null]}]}", "null")]
    [InlineData("{", "not usable")]
    public async Task A_configuration_that_is_none_is_named(string text, string words)
    {
        var environment = new Dictionary<string, string>(_user) { ["STRONGROOM_CLI_CONFIG"] = _scratch.Write("bad.cfg", text.Length == 0 ? "{}" : text) };
        var message = await CommandWalk.RefusedAsync(environment, "user", "list");
        Assert.Contains("bad.cfg", message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_itself_answers_so_too()
    {
        var garbage = _scratch.Write("garbage", "-----BEGIN NOTHING-----\nAAAA\n-----END NOTHING-----\n");
        var nowhere = _scratch.Write("nowhere.cfg", File.ReadAllText(_user["STRONGROOM_CLI_CONFIG"]).Replace(Address(), "127.0.99.99", StringComparison.Ordinal));
        string[] generate = ["key", "generate-symmetric", "aes", "--label", _label, "--key-length-bytes", "32"], create = ["user", "create", "--username", "bad_input", "--role", "crypto-user", "--password", "bad-input-1"];
        foreach (var (environment, words, why) in new[]
        {
            (_user, new[] { "no-such-command" }, "no-such-command"), (_user, [.. generate, "--no-such-option"], "--no-such-option"), (_user, generate[..^2], "--key-length-bytes"), (_user, [.. generate[..^1], "many"], "many"),
            (_user, ["key", "import", "pem", "--path", Missing, "--label", _label, "--key-type-class", "rsa-public"], Missing), (_user, ["key", "import", "pem", "--path", garbage, "--label", _label, "--key-type-class", "rsa-public"], garbage),
            (_user, ["key", "delete", "--filter", "attr.label=" + _label], "matched 0 keys"), (_user, ["key", "delete", "--filter", "attr.colour=red"], "colour"), (_user, ["key", "delete", "--filter", "attr.class=secret-key"], "Refine selection criteria"),
            (_nobody, ["cluster", "activate"], "already active"), (_user, create, "role"), (_admin, generate, "role"), (_nobody, generate, "CLOUDHSM_PIN"), (With("CLOUDHSM_PIN", "nobody:of-this-name"), generate, ""), (With("CLOUDHSM_PIN", "no-colon"), generate, "CLOUDHSM_PIN"),
            (With("CLOUDHSM_ROLE", "emperor"), generate, "emperor"), (With("STRONGROOM_CLI_CONFIG", nowhere), generate, "127.0.99.99"), (With("STRONGROOM_CLI_CONFIG", garbage), generate, garbage), (With("STRONGROOM_CLI_CONFIG", Missing), generate, Missing),
        })
        {
            var finished = Programs.Run(CommandLine.Executable, words, environment);
            Assert.True(finished.ExitCode == 1, $"exit status {finished.ExitCode}: {string.Join(' ', words)}\n{finished.Output}{finished.Errors}");
            var answer = JsonDocument.Parse(finished.Output).RootElement;
            Assert.Equal(1, answer.GetProperty("error_code").GetInt32());
            Assert.Contains(why, answer.GetProperty("data").GetString(), StringComparison.Ordinal);
        }

        // An answer that can't be printed.
        var full = Programs.Run("/bin/sh", ["-c", $"exec '{CommandLine.Executable}' user list >/dev/full"], _user);
        Assert.Equal(1, full.ExitCode);
        Assert.Contains("No space left on device", full.Errors, StringComparison.Ordinal);

        Dictionary<string, string> With(string name, string value) => new(_user) { [name] = value };
    }

    // The other way to give the same thing would be one too many.
    private static Option? Other(Command command, string name) => name.EndsWith("-path", StringComparison.Ordinal) ? command.Options.FirstOrDefault(option => option.Name == name[..^"-path".Length]) : null;

    private string Address() => JsonDocument.Parse(File.ReadAllText(_user["STRONGROOM_CLI_CONFIG"])).RootElement.GetProperty("clusters")[0].GetProperty("hsms")[0].GetProperty("address").GetString()!;

    private void Make() => _cli.AsUser("key", "generate-symmetric", "aes", "--label", _label, "--key-length-bytes", "32");

    private string Public()
    {
        if (!File.Exists(_scratch["public.pem"]))
        {
            OpenSslCommand.Run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", _scratch["private.pem"]).MustSucceed();
            OpenSslCommand.Run("pkey", "-in", _scratch["private.pem"], "-pubout", "-out", _scratch["public.pem"]).MustSucceed();
        }

        return _scratch["public.pem"];
    }

    private string State() => _cli.AsUser("user", "list") + _cli.AsUser("key", "list", "--max-items", "1000", "--verbose").ToString();
}
