using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Strongroom.Cli.Configuration;
using Strongroom.Cli.Shell;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Clusters;

/// <summary>cluster hsm-info: what each HSM says about itself; anyone may, no login.</summary>
internal static class HsmInfoCommand
{
    private const string FipsMode = "2 [FIPS mode with single factor authentication]";
    private const string NonFipsMode = "0 [non-FIPS mode with single factor authentication]";

    public static Command Create(CommandShell shell) => shell.Define("hsm-info", "Show the HSMs of the cluster", RunAsync);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var cluster = call.Cluster();
        var answers = await Task.WhenAll(cluster.Configuration.Hsms.Select(hsm => AskAsync(cluster, hsm, call.Cancel))).ConfigureAwait(false);
        var known = answers.Where(answer => answer.Info is not null).Select(JsonNode? (answer) => answer.Info).ToArray();
        return known.Length > 0
            ? new JsonObject { ["hsms"] = new JsonArray(known) }
            : throw new CommandRefusedException(string.Join("; ", answers.Select(answer => answer.Cause)));
    }

    private static async Task<(JsonObject? Info, string? Cause)> AskAsync(ClusterLink cluster, HsmAddress hsm, CancellationToken cancel)
    {
        var client = cluster.Single(hsm);
        await using (client.ConfigureAwait(false))
        {
            try
            {
                var token = client.CallAsync<GetTokenInfoRequest, GetTokenInfoReply>(new(), cancel);
                var info = await client.GetClusterInfoAsync(cancel).ConfigureAwait(false);
                return (Describe(info, await token.ConfigureAwait(false)), null);
            }
            catch (HsmUnreachableException e)
            {
                return (null, e.Message);
            }
        }
    }

    // There is no hardware, and its versions say so.
    private static JsonObject Describe(GetClusterInfoReply info, GetTokenInfoReply token) => new()
    {
        ["vendor"] = "Strongroom",
        ["model"] = token.Model.TrimEnd(),
        ["serial-number"] = token.Serial.TrimEnd(),
        ["hardware-version-major"] = "0",
        ["hardware-version-minor"] = "0",
        ["firmware-version-major"] = token.FirmwareMajor.ToString(CultureInfo.InvariantCulture),
        ["firmware-version-minor"] = token.FirmwareMinor.ToString(CultureInfo.InvariantCulture),
        ["firmware-build-number"] = info.Version,
        ["firmware-id"] = info.Hsm,
        ["fips-state"] = info.FipsProvider && info.Mode == "FIPS" ? FipsMode : NonFipsMode,
    };
}
