using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Clusters;

/// <summary>cluster mtls: which clients the cluster knows by their certificates, and whether they must show one.</summary>
internal static class MtlsCommands
{
    private const string None = "none";
    private const string Cluster = "cluster";
    private const int MaxSize = 6980;

    private static readonly Option<string> Path = CommonOptions.Path("PEM file of the CA: issuing CA first, root last");
    private static readonly Option<string> Reference = new("--certificate-reference") { Description = "the anchor's reference, 0x… or decimal", HelpName = "N", Required = true };
    private static readonly Option<string> Level = new Option<string>("--level") { Description = "whether clients must show a certificate", HelpName = "LEVEL", Required = true }.AcceptOnlyFromAmong(None, Cluster);

    public static IEnumerable<Command> CreateAll(CommandShell shell) =>
    [
        shell.Define("register-trust-anchor", "Make the clients of a CA known", RegisterAsync, Path, Approval.Option),
        shell.Define("deregister-trust-anchor", "Make the clients of a CA unknown; their connections end", DeregisterAsync, Reference, Approval.Option),
        shell.Define("list-trust-anchors", "List the CAs whose clients are known", ListAsync),
        shell.Define("get-enforcement", "Show whether clients must show a certificate", GetAsync),
        shell.Define("set-enforcement", "Set whether clients must show a certificate", SetAsync, Level, Approval.Option),
    ];

    private static async Task<JsonNode> RegisterAsync(Call call)
    {
        var path = call.Need(Path);
        if (new FileInfo(path) is { Exists: true, Length: > MaxSize })
        {
            throw new CommandRefusedException($"{path} has more than {MaxSize} bytes");
        }

        var certificates = await File.ReadAllTextAsync(path, call.Cancel).ConfigureAwait(false);
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        await Approval.ShowAsync(call, cluster).ConfigureAwait(false);
        var reference = await cluster.Client.RegisterTrustAnchorAsync(certificates, call.Cancel).ConfigureAwait(false);
        var anchors = await cluster.Client.ListTrustAnchorsAsync(call.Cancel).ConfigureAwait(false);
        return new JsonObject { ["trust_anchor"] = Describe(anchors.First(anchor => anchor.Reference == reference)) };
    }

    private static async Task<JsonNode> DeregisterAsync(Call call)
    {
        var reference = ParseReference(call.Need(Reference));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        await Approval.ShowAsync(call, cluster).ConfigureAwait(false);
        await cluster.Client.DeregisterTrustAnchorAsync(reference, call.Cancel).ConfigureAwait(false);
        return Call.Message($"Trust anchor with reference {Text(reference)} deregistered successfully");
    }

    private static async Task<JsonNode> ListAsync(Call call) =>
        new JsonObject { ["trust_anchors"] = new JsonArray([.. (await call.Cluster().Client.ListTrustAnchorsAsync(call.Cancel).ConfigureAwait(false)).Select(Describe)]) };

    private static async Task<JsonNode> GetAsync(Call call)
    {
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        return new JsonObject { ["mtls-enforcement-level"] = await cluster.Client.GetMtlsEnforcementAsync(call.Cancel).ConfigureAwait(false) ? Cluster : None };
    }

    private static async Task<JsonNode> SetAsync(Call call)
    {
        var level = call.Need(Level);
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        await Approval.ShowAsync(call, cluster).ConfigureAwait(false);
        await cluster.Client.SetMtlsEnforcementAsync(level == Cluster, call.Cancel).ConfigureAwait(false);
        return Call.Message($"Mtls enforcement level set to {char.ToUpperInvariant(level[0])}{level[1..]} successfully");
    }

    private static JsonObject Describe(WireTrustAnchor anchor) => new() { ["certificate-reference"] = Text(anchor.Reference), ["certificate"] = anchor.Certificates, ["cluster-coverage"] = "full" };

    private static string Text(ulong reference) => $"0x{reference:x2}";

    private static ulong ParseReference(string text)
    {
        var hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(hex ? text.AsSpan(2) : text, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var reference)
            ? reference
            : throw new CommandRefusedException($"A certificate-reference is a number, 0x… or decimal, not {text}");
    }
}
