using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>audit list, follow, export and verify, as an auditor uses them.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class AuditTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly CommandLine _cli = new(deployment);
    private readonly Scratch _scratch = new();

    private string Export => _scratch["export"];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Events_are_listed_by_user_operation_result_key_and_time_page_by_page()
    {
        _cli.AsUser("key", "generate-symmetric", "aes", "--label", "audited", "--key-length-bytes", "32");
        var key = _cli.AsUser("key", "list", "--filter", "attr.label=audited").GetProperty("matched_keys")[0].GetProperty("key-reference").GetString()!;
        _cli.Refused(["user", "create", "--username", "audited_eve", "--role", "crypto-user", "--password", "eve-password-1"]);

        var made = Assert.Single(Events("--key", key, "--operation", "generate-key"));
        Assert.Equal(("CKR_OK", "CKM_AES_KEY_GEN"), (made.GetProperty("result").GetString(), made.GetProperty("mechanism").GetString()));
        var user = made.GetProperty("user").GetString()!;
        Assert.NotEmpty(Events("--user", user, "--operation", "CreateUser", "--failures", "--since", "1h"));
        Assert.Empty(Events("--key", key, "--result", "CKR_DEVICE_ERROR"));
        Assert.Empty(Events("--key", key, "--until", "1h"));

        var first = _cli.AsAdmin("audit", "list", "--max-items", "2");
        var second = _cli.AsAdmin("audit", "list", "--max-items", "2", "--starting-token", first.GetProperty("next_token").GetString()!);
        Assert.Equal([1UL, 2, 3, 4], new[] { first, second }.SelectMany(page => page.GetProperty("events").EnumerateArray()).Select(Sequence));
        var newest = Assert.Single(Events("--last", "--max-items", "1"));
        Assert.Equal(("AuditRead", "admin"), (newest.GetProperty("operation").GetString(), newest.GetProperty("user").GetString()));
    }

    [Fact]
    public async Task Following_prints_what_happens_meanwhile()
    {
        var follower = Task.Run(() => _cli.Run(["audit", "follow", "--since", "1h", "--operation", "DestroyObject", "--user", "cli_followed", "--max-items", "1"], "admin", _cli.AdminPin));
        _cli.AsAdmin("user", "create", "--username", "cli_followed", "--role", "crypto-user", "--password", "followed-password-1");
        CommandLine.Data(_cli.Run(["key", "generate-symmetric", "aes", "--label", "followed", "--key-length-bytes", "32"], "crypto-user", "cli_followed:followed-password-1"));
        CommandLine.Data(_cli.Run(["key", "delete", "--filter", "attr.label=followed"], "crypto-user", "cli_followed:followed-password-1"));
        var line = Assert.Single((await follower).MustSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("DestroyObject", JsonDocument.Parse(line).RootElement.GetProperty("operation").GetString());
        _cli.AsAdmin("user", "delete", "--username", "cli_followed", "--role", "crypto-user");
    }

    [Fact]
    public void An_export_verifies_offline_is_brought_up_to_date_and_shows_what_was_changed_or_cut_off()
    {
        var exported = _cli.AsAdmin("audit", "export", "--path", Export, "--text", "aws");
        Assert.True(exported.GetProperty("intact").GetBoolean());
        Assert.Contains("Opcode : CN_LOGIN (0xd)", File.ReadAllText(exported.GetProperty("text").GetString()!), StringComparison.Ordinal);
        File.Copy(Path.Combine(Export, "end.json"), _scratch["first-end.json"]);

        var again = _cli.AsAdmin("audit", "export", "--path", Export, "--text", "json");
        Assert.True(again.GetProperty("complete_up_to").GetUInt64() > exported.GetProperty("complete_up_to").GetUInt64());
        Assert.Equal(again.GetProperty("last_event").GetInt32(), File.ReadLines(Path.Combine(Export, "events.jsonl")).Count());

        // Without any configuration or HSM: nothing but the folder.
        var offline = CommandLine.Data(Offline("--anchor", _scratch["first-end.json"]));
        Assert.Equal(again.GetProperty("complete_up_to").GetUInt64(), offline.GetProperty("complete_up_to").GetUInt64());
        Assert.True(_cli.AsAdmin("audit", "verify", "--path", Export, "--anchor", "live").GetProperty("behind_live").GetUInt64() > 0);

        var segment = Directory.GetFiles(Export, "segment-*").Order(StringComparer.Ordinal).Last();
        var bytes = File.ReadAllBytes(segment);
        File.WriteAllBytes(segment, bytes[..(bytes.Length * 2 / 3)]);
        Assert.Contains("NOT INTACT", Refusal(Offline()), StringComparison.Ordinal);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(segment, bytes);
        Assert.Contains("NOT INTACT", Refusal(Offline()), StringComparison.Ordinal);
    }

    [Fact]
    public void Crypto_users_do_not_read_the_log_and_wrong_options_are_explained()
    {
        Assert.Contains("role", _cli.Refused(["audit", "list"]), StringComparison.Ordinal);
        Assert.Contains("no operation", _cli.Refused(["audit", "list", "--operation", "Nonsense"], "admin", _cli.AdminPin), StringComparison.Ordinal);
        Assert.Contains("no time", _cli.Refused(["audit", "list", "--since", "yesterday-ish"], "admin", _cli.AdminPin), StringComparison.Ordinal);
        Assert.Contains("no such folder", _cli.Refused(["audit", "verify", "--path", _scratch["nowhere"]]), StringComparison.Ordinal);
        Directory.CreateDirectory(Export);
        File.WriteAllText(Path.Combine(Export, "segment-00000001.log"), "x");
        Assert.Contains("no export", _cli.Refused(["audit", "export", "--path", Export], "admin", _cli.AdminPin), StringComparison.Ordinal);
    }

    private static ulong Sequence(JsonElement e) => e.GetProperty("sequence").GetUInt64();

    private static string Refusal(Finished finished)
    {
        Assert.Equal(1, finished.ExitCode);
        return JsonDocument.Parse(finished.Output).RootElement.GetProperty("data").GetString()!;
    }

    private List<JsonElement> Events(params string[] arguments) => [.. _cli.AsAdmin(["audit", "list", .. arguments]).GetProperty("events").EnumerateArray()];

    private Finished Offline(params string[] arguments) =>
        Programs.Run(CommandLine.Executable, ["audit", "verify", "--path", Export, .. arguments], new Dictionary<string, string> { ["HOME"] = Export });
}
