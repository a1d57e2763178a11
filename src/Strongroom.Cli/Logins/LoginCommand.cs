using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Logins;

/// <summary>login: for the commands that follow in interactive mode; alone, a test of the password. With mfa-token-sign, a challenge of the HSM is signed beside it.</summary>
internal static class LoginCommand
{
    private static readonly Option<string> Username = CommonOptions.Username();
    private static readonly Option<string> Role = CommonOptions.Role();
    private static readonly Option<string?> Password = CommonOptions.Password();
    private static readonly Option<string> Token = new("--token") { Description = "the token file to write, for you to sign", HelpName = "PATH", Required = true };

    public static Command Create(CommandShell shell)
    {
        var command = shell.Define("login", "Log in to the cluster", RunAsync, Username, Role, Password);
        command.Add(shell.Define("mfa-token-sign", "Log in with a signature beside the password", RunWithMfaAsync, Token));
        return command;
    }

    private static async Task<JsonNode> RunAsync(Call call)
    {
        using var credentials = Read(call);
        await call.Cluster().LogInAsync(credentials, call.Cancel).ConfigureAwait(false);
        return credentials.Identity.ToJson();
    }

    private static async Task<JsonNode> RunWithMfaAsync(Call call)
    {
        using var credentials = Read(call);
        var (cluster, path) = (call.Cluster(), call.Need(Token));
        var challenge = (await cluster.Client.BeginMfaLoginAsync(credentials.Identity.UserType, credentials.Identity.Name, call.Cancel).ConfigureAwait(false)).ToArray();
        await TokenFile.WriteAsync(path, TokenFile.Unsigned(challenge), call.Cancel).ConfigureAwait(false);
        await cluster.LogInAsync(credentials, challenge, TokenFile.AskForSignature(call.Prompt, path), call.Cancel).ConfigureAwait(false);
        return credentials.Identity.ToJson();
    }

    private static Credentials Read(Call call)
    {
        var identity = Identity.Of(Needed(call, Username), Needed(call, Role));
        return new Credentials(identity, PasswordChoice.Existing(call.Prompt, call.Get(Password)));
    }

    // With a subcommand the parser does not ask for these.
    private static string Needed(Call call, Option<string> option) => call.Get(option) ?? throw new CommandRefusedException($"Option '{option.Name}' is required.");
}
