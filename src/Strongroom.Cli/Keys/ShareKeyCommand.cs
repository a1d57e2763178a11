using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;
using Strongroom.Client;

namespace Strongroom.Cli.Keys;

/// <summary>key share and key unshare: by the key's owner. The other user may use the key and nothing else; unsharing holds from that user's next call on.</summary>
internal static class ShareKeyCommand
{
    private static readonly Option<string[]> Filter = CommonOptions.Filter();
    private static readonly Option<string> Username = CommonOptions.Username();
    private static readonly Option<string> Role = new Option<string>("--role") { Description = "the user's role", HelpName = "ROLE", Required = true }.AcceptOnlyFromAmong(CommonOptions.CryptoUserRole);

    public static Command Share(CommandShell shell) => shell.Define("share", "Let another crypto user use a key", call => RunAsync(call, "shared", (client, key, user) => client.ShareKeyAsync(key, user, call.Cancel)), Filter, Username, Role, Approval.Option);

    public static Command Unshare(CommandShell shell) => shell.Define("unshare", "Take the use of a key back", call => RunAsync(call, "unshared", (client, key, user) => client.UnshareKeyAsync(key, user, call.Cancel)), Filter, Username, Role, Approval.Option);

    private static async Task<JsonNode> RunAsync(Call call, string done, Func<HsmClient, ulong, string, Task> change)
    {
        var filter = KeyFilter.Parse(call.Need(Filter));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await filter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        await Approval.ShowAsync(call, cluster).ConfigureAwait(false);
        await change(cluster.Client, key, call.Need(Username)).ConfigureAwait(false);
        return Call.Message($"Key {done} successfully");
    }
}
