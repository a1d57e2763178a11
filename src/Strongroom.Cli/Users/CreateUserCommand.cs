using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Strongroom.Cli.Logins;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Users;

/// <summary>user create: by an admin.</summary>
internal static class CreateUserCommand
{
    private static readonly Option<string> Username = CommonOptions.Username();
    private static readonly Option<string> Role = CommonOptions.Role();
    private static readonly Option<string?> Password = CommonOptions.Password("the new user's password; asked for twice if absent");

    public static Command Create(CommandShell shell) => shell.Define("create", "Create a user", RunAsync, Username, Role, Password, Approval.Option);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var identity = Identity.Of(call.Need(Username), call.Need(Role));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var password = PasswordChoice.New(call.Prompt, call.Get(Password));
        try
        {
            await Approval.ShowAsync(call, cluster).ConfigureAwait(false);
            await cluster.Client.CreateUserAsync(identity.Name, identity.Role, password, call.Cancel).ConfigureAwait(false);
            return identity.ToJson();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }
}
