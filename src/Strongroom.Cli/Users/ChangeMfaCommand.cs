using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Strongroom.Cli.Logins;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Users;

/// <summary>user change-mfa token-sign: turns a user's second factor on (--token) or off (--deregister, which AWS's pages also call --disable); by the user or an admin.</summary>
internal static class ChangeMfaCommand
{
    private static readonly Option<string> Username = CommonOptions.Username();
    private static readonly Option<string> Role = CommonOptions.Role();
    private static readonly Option<string?> Password = new("--change-password") { Description = "a new password with it", HelpName = "PASSWORD" };
    private static readonly Option<string?> Token = new("--token") { Description = "the token file to write, for the user to sign", HelpName = "PATH" };
    private static readonly Option<bool> Deregister = new("--deregister", "--disable") { Description = "log in by password alone from now on" };
    private static readonly Option<bool> ChangeQuorum = new("--change-quorum") { Description = "the key shall serve approvals too" };

    public static Command Create(CommandShell shell) =>
        shell.Define("token-sign", "Change a user's second factor", RunAsync, Username, Role, Password, Token, Deregister, ChangeQuorum, Approval.Option);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var (identity, token) = (Identity.Of(call.Need(Username), call.Need(Role)), call.Get(Token));
        if (token is null != call.Get(Deregister))
        {
            throw new CommandRefusedException("Give either --token or --deregister");
        }

        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var password = call.Get(Password) is { } given ? Encoding.UTF8.GetBytes(given) : null;
        try
        {
            var change = new ChangeMfaRequest(identity.Name, (ulong)identity.Role, call.Get(ChangeQuorum), Password: password is null ? null : (ReadOnlyMemory<byte>?)password);
            if (token is not null)
            {
                change = await SignAsync(call, cluster, token, change).ConfigureAwait(false);
            }

            await Approval.ShowAsync(call, cluster).ConfigureAwait(false);
            await cluster.Client.ChangeMfaAsync(change, call.Cancel).ConfigureAwait(false);
            return identity.ToJson();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    private static async Task<ChangeMfaRequest> SignAsync(Call call, ClusterLink cluster, string path, ChangeMfaRequest change)
    {
        var challenge = (await cluster.Client.BeginMfaRegistrationAsync(change.Name, (Role)change.Role, call.Cancel).ConfigureAwait(false)).ToArray();
        await TokenFile.WriteAsync(path, TokenFile.Unsigned(challenge), call.Cancel).ConfigureAwait(false);
        var signature = TokenFile.AskForSignature(call.Prompt, path);
        return change with { Key = TokenFile.PublicKey(call.Prompt.Line("Enter public key PEM file path")), Challenge = challenge, Signature = signature };
    }
}
