using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Logins;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Users;

/// <summary>user list: anyone may; no login.</summary>
internal static class ListUsersCommand
{
    public static Command Create(CommandShell shell) => shell.Define("list", "List the users of the cluster", RunAsync);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var users = await call.Cluster().Client.ListUsersAsync(call.Cancel).ConfigureAwait(false);
        return new JsonObject { ["users"] = new JsonArray([.. users.Select(Describe)]) };
    }

    // All HSMs of a cluster hold the same users, so the coverage is never partial; "locked" is a string in CloudHSM's answer.
    private static JsonObject Describe(WireUser user) => new()
    {
        ["username"] = user.Name,
        ["role"] = Identity.RoleName((Role)user.Role),
        ["locked"] = user.Locked ? "true" : "false",
        ["mfa"] = Strategies(user.MultiFactor),
        ["quorum"] = Strategies(user.Approves),
        ["cluster-coverage"] = "full",
    };

    private static JsonArray Strategies(bool tokenSign) => tokenSign ? new JsonArray(new JsonObject { ["strategy"] = "token-sign", ["status"] = "enabled" }) : new JsonArray();
}
