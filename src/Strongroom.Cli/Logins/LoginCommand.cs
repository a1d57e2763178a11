using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Logins;

/// <summary>login: for the commands that follow in interactive mode; alone, a test of the password.</summary>
internal static class LoginCommand
{
    private static readonly Option<string> Username = CommonOptions.Username();
    private static readonly Option<string> Role = CommonOptions.Role();
    private static readonly Option<string?> Password = CommonOptions.Password();

    public static Command Create(CommandShell shell) => shell.Define("login", "Log in to the cluster", RunAsync, Username, Role, Password);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var identity = Identity.Of(call.Need(Username), call.Need(Role));
        using var credentials = new Credentials(identity, PasswordChoice.Existing(call.Prompt, call.Get(Password)));
        await call.Cluster().LogInAsync(credentials, call.Cancel).ConfigureAwait(false);
        return identity.ToJson();
    }
}
