using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Strongroom.Cli.Logins;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Users;

/// <summary>user change-password: by the user or an admin. It unlocks a locked user and ends all logins of that user.</summary>
internal static class ChangePasswordCommand
{
    private static readonly Option<string> Username = CommonOptions.Username();
    private static readonly Option<string> Role = CommonOptions.Role();
    private static readonly Option<string?> Password = CommonOptions.Password("the new password; asked for twice if absent");

    private static readonly Option<bool> DeregisterMfa = new("--deregister-mfa") { Description = "log in by password alone from now on" };
    private static readonly Option<bool> DeregisterQuorum = new("--deregister-quorum") { Description = "the user approves nothing from now on" };

    public static Command Create(CommandShell shell) => shell.Define("change-password", "Change a user's password", RunAsync, Username, Role, Password, DeregisterMfa, DeregisterQuorum, Approval.Option);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var identity = Identity.Of(call.Need(Username), call.Need(Role));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var password = PasswordChoice.New(call.Prompt, call.Get(Password));
        try
        {
            await Approval.ShowAsync(call, cluster).ConfigureAwait(false);
            await cluster.Client.ChangePasswordAsync(identity.Name, identity.Role, password, call.Get(DeregisterQuorum), call.Get(DeregisterMfa), call.Cancel).ConfigureAwait(false);
            return identity.ToJson();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }
}
