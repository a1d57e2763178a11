using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Keys;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Crypto;

/// <summary>crypto sign: a signature with a private key of the cluster.</summary>
internal static class SignCommand
{
    public static IEnumerable<Command> CreateAll(CommandShell shell) => SignatureAlgorithm.All.Select(algorithm =>
        shell.Define(algorithm.Name, algorithm.Description, call => RunAsync(call, algorithm), [.. SignatureInput.Options, Approval.Option, .. algorithm.Options]));

    private static async Task<JsonNode> RunAsync(Call call, SignatureAlgorithm algorithm)
    {
        var (session, key, mechanism, input) = await SignatureInput.ReadAsync(call, algorithm).ConfigureAwait(false);
        await Approval.ShowAsync(call, await call.LoggedInAsync().ConfigureAwait(false)).ConfigureAwait(false);
        var signature = await session.SignAsync(mechanism, key, input, call.Cancel).ConfigureAwait(false);
        return new JsonObject { ["key-reference"] = KeyReference.Text(key), ["signature"] = Convert.ToBase64String(signature.Span) };
    }
}
