using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Keys;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Quorum;

/// <summary>quorum token-sign list and delete: the live tokens of the HSM.</summary>
internal static class TokenCommands
{
    private const string Own = "user";
    private const string All = "all";

    private static readonly Option<string> Scope =
        new Option<string>("--scope") { Description = "your own tokens, or everybody's", HelpName = "SCOPE", Required = true }.AcceptOnlyFromAmong(Own, All);

    public static Command List(CommandShell shell) => shell.Define("list", "List the live quorum tokens", ListAsync);

    public static Command Delete(CommandShell shell) => shell.Define("delete", "Delete quorum tokens", DeleteAsync, Scope);

    private static async Task<JsonNode> ListAsync(Call call)
    {
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var tokens = await cluster.Client.ListQuorumTokensAsync(call.Cancel).ConfigureAwait(false);
        return new JsonObject { ["tokens"] = new JsonArray([.. tokens.Select(Describe)]) };
    }

    private static async Task<JsonNode> DeleteAsync(Call call)
    {
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        await cluster.Client.DeleteQuorumTokensAsync(call.Need(Scope) == All, call.Cancel).ConfigureAwait(false);
        return JsonValue.Create("Deletion of quorum token(s) successful");
    }

    private static JsonObject Describe(WireQuorumToken token) => token.Key == 0
        ? new JsonObject
        {
            ["username"] = token.User,
            ["service"] = Service.NameOf(token.Service),
            ["approvals-required"] = token.Required,
            ["number-of-approvals"] = token.Approvals,
            ["token-timeout-seconds"] = token.Seconds,
            ["cluster-coverage"] = "full",
        }
        : new JsonObject
        {
            ["username"] = token.User,
            ["service"] = Service.NameOf(token.Service),
            ["key-reference"] = KeyReference.Text(token.Key),
            ["minimum-token-count"] = 1,
        };
}
