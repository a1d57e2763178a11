using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Clusters;

/// <summary>
/// cluster setting: what an admin may change about the cluster, which CloudHSM's tool does not have. <c>pkcs1-decryption</c>: whether C_Decrypt takes RSA PKCS#1 v1.5, whose failures tell an attacker of plaintexts;
/// off is safer, and on is what applications expect that have always used it.
/// </summary>
internal static class SettingCommand
{
    private static readonly Option<string> Pkcs1Decryption = new Option<string>("--pkcs1-decryption") { Description = "whether RSA PKCS#1 v1.5 decrypts: on or off", Required = true, HelpName = "on|off" }.AcceptOnlyFromAmong("on", "off");

    public static IEnumerable<Command> CreateAll(CommandShell shell) =>
    [
        shell.Define("list", "Show the cluster's settings", ListAsync),
        shell.Define("set", "Change the cluster's settings", SetAsync, Pkcs1Decryption),
    ];

    private static async Task<JsonNode> ListAsync(Call call)
    {
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        return Describe((await cluster.Client.GetSettingsAsync(call.Cancel).ConfigureAwait(false)).Pkcs1Decryption);
    }

    private static async Task<JsonNode> SetAsync(Call call)
    {
        var decrypts = call.Need(Pkcs1Decryption) == "on";
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        await cluster.Client.SetSettingsAsync(decrypts, call.Cancel).ConfigureAwait(false);
        return Describe(decrypts);
    }

    private static JsonObject Describe(bool decrypts) => new() { ["pkcs1-decryption"] = decrypts ? "on" : "off" };
}
