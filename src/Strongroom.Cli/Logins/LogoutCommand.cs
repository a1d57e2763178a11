using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Logins;

/// <summary>logout: ends the login; session keys end with it.</summary>
internal static class LogoutCommand
{
    public static Command Create(CommandShell shell) => shell.Define("logout", "Log out of the cluster", RunAsync);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        await call.Cluster().LogOutAsync(call.Cancel).ConfigureAwait(false);
        return JsonValue.Create("Logout successful");
    }
}
