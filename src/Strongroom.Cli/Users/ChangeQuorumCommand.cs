using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Users;

/// <summary>user change-quorum token-sign register: the logged-in user's own key for approvals; a signed registration token proves that the user has its private half.</summary>
internal static class ChangeQuorumCommand
{
    private static readonly Option<string> PublicKey = new("--public-key") { Description = "PEM file of the public key (RSA 2048 to 4096, P-256 or Ed25519)", HelpName = "PATH", Required = true };
    private static readonly Option<string> SignedToken = new("--signed-token") { Description = "registration token file, signed with the key", HelpName = "PATH", Required = true };

    public static Command Create(CommandShell shell) => shell.Define("register", "Register your public key for approvals", RunAsync, PublicKey, SignedToken);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var path = call.Need(SignedToken);
        var (key, token) = (TokenFile.PublicKey(call.Need(PublicKey)), TokenFile.Only(TokenFile.Read(path), path));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        await cluster.Client.RegisterQuorumKeyAsync(key, TokenFile.Bytes(token, "approval_data", path), TokenFile.Bytes(token, "signed", path), call.Cancel).ConfigureAwait(false);
        return cluster.Login!.ToJson();
    }
}
