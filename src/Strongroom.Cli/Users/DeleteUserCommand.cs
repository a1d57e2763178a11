using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Logins;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Users;

/// <summary>user delete: by an admin; refused while the user owns keys.</summary>
internal static class DeleteUserCommand
{
    private static readonly Option<string> Username = CommonOptions.Username();
    private static readonly Option<string> Role = CommonOptions.Role();

    public static Command Create(CommandShell shell) => shell.Define("delete", "Delete a user that owns no keys", RunAsync, Username, Role, Approval.Option);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var identity = Identity.Of(call.Need(Username), call.Need(Role));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        await Approval.ShowAsync(call, cluster).ConfigureAwait(false);
        await cluster.Client.DeleteUserAsync(identity.Name, identity.Role, call.Cancel).ConfigureAwait(false);
        return identity.ToJson();
    }
}
