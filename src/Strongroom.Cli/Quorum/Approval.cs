using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Logins;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Quorum;

/// <summary>--approval of commands that may take approvals: the signed token file is shown to the HSM, which verifies it, just before the operation.</summary>
internal static class Approval
{
    private const int MaxSignatures = 16;

    public static Option<string?> Option { get; } = Named("--approval", "the operation");

    public static Option<string?> Named(string name, string what) => new(name) { Description = $"signed quorum token file for {what}", HelpName = "PATH" };

    /// <summary>Shows the file, if one is given.</summary>
    public static async Task ShowAsync(Call call, ClusterLink cluster, Option<string?>? option = null)
    {
        if (call.Get(option ?? Option) is not { } path)
        {
            return;
        }

        var file = TokenFile.Read(path);
        await cluster.Client.ApproveQuorumTokenAsync(TokenFile.Bytes(file, "approval_data", path), Signatures(file, path), call.Cancel).ConfigureAwait(false);
    }

    private static WireApproval[] Signatures(JsonObject file, string path)
    {
        try
        {
            var signatures = file["signatures"]?.AsArray() ?? [];
            return signatures.Count <= MaxSignatures
                ? [.. signatures.Select(one => new WireApproval(Text(one, "username", path).ToLowerInvariant(), (ulong)Identity.ParseRole(Text(one, "role", path)), TokenFile.Bytes(one, "signature", path)))]
                : throw new CommandRefusedException($"{path} has more than {MaxSignatures} signatures");
        }
        catch (InvalidOperationException e)
        {
            throw new CommandRefusedException($"{path}: \"signatures\" is not as it must be: {e.Message}", e);
        }
    }

    private static string Text(JsonNode? node, string name, string path) => (string?)node?[name] ?? throw new CommandRefusedException($"{path}: a signature has no \"{name}\"");
}
