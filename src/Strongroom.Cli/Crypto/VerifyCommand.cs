using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Crypto;

/// <summary>crypto verify: whether a signature holds under a public key of the cluster.</summary>
internal static class VerifyCommand
{
    private static readonly BinaryInput Signature = new("--signature", "the signature");

    public static IEnumerable<Command> CreateAll(CommandShell shell) => SignatureAlgorithm.All.Select(algorithm =>
        shell.Define(algorithm.Name, algorithm.Description, call => RunAsync(call, algorithm), [.. SignatureInput.Options, .. Signature.Options, .. algorithm.Options]));

    private static async Task<JsonNode> RunAsync(Call call, SignatureAlgorithm algorithm)
    {
        var signature = Signature.Read(call);
        var (session, key, mechanism, input) = await SignatureInput.ReadAsync(call, algorithm).ConfigureAwait(false);
        await session.VerifyAsync(mechanism, key, input, signature, call.Cancel).ConfigureAwait(false);
        return Call.Message("Signature verified successfully");
    }
}
