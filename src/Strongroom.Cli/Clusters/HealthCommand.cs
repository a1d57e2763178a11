using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Strongroom.Cli.Audit;
using Strongroom.Cli.Configuration;
using Strongroom.Cli.Shell;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Clusters;

/// <summary>cluster health: whether each HSM answers and how fast, its audit log, and when certificates end: those of the HSM and those that this program is configured with. No login.</summary>
internal static class HealthCommand
{
    private static readonly int[] WarningDays = [7, 30, 60];

    public static Command Create(CommandShell shell) => shell.Define("health", "Show how the HSMs do and which certificates end soon", RunAsync);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var cluster = call.Cluster();
        var hsms = await Task.WhenAll(cluster.Configuration.Hsms.Select(hsm => AskAsync(cluster, hsm, call.Cancel))).ConfigureAwait(false);
        if (hsms.All(hsm => hsm.Health is null))
        {
            throw new CommandRefusedException(string.Join("; ", hsms.Select(hsm => hsm.Trouble[0])));
        }

        string[] warnings = [.. hsms.SelectMany(hsm => hsm.Trouble).Concat(OwnCertificates(cluster.Configuration)).Distinct()];
        return new JsonObject
        {
            ["cluster-id"] = cluster.Configuration.ClusterId,
            ["status"] = hsms.Any(hsm => hsm.Health is null) ? "degraded" : warnings.Length > 0 ? "warning" : "ok",
            ["hsms"] = new JsonArray([.. hsms.Select(Describe)]),
            ["warnings"] = new JsonArray([.. warnings.Select(warning => JsonValue.Create(warning))]),
        };
    }

    private static async Task<(HsmAddress Address, GetHealthReply? Health, TimeSpan Latency, string[] Trouble)> AskAsync(ClusterLink cluster, HsmAddress address, CancellationToken cancel)
    {
        var client = cluster.Single(address);
        await using (client.ConfigureAwait(false))
        {
            try
            {
                await client.EchoAsync(default, cancel).ConfigureAwait(false);
                var began = Stopwatch.GetTimestamp();
                var health = await client.CallAsync<GetHealthRequest, GetHealthReply>(new(), cancel).ConfigureAwait(false);
                return (address, health, Stopwatch.GetElapsedTime(began), [.. Trouble(health)]);
            }
            catch (Exception e) when (e is HsmUnreachableException or HsmNotTrustedException)
            {
                return (address, null, default, [e.Message]);
            }
        }
    }

    private static IEnumerable<string> Trouble(GetHealthReply health) =>
    [
        .. health.State == (ulong)HsmState.Active ? [] : new[] { $"{health.Hsm}: the cluster is not activated" },
        .. health.AuditFull ? new[] { $"{health.Hsm}: the audit log has no room" } : [],
        .. health.AuditFailing ? new[] { $"{health.Hsm}: the audit log can't be written" } : [],
        .. health.Certificates.Where(life => life.Warning > 0).Select(life => Ends($"{health.Hsm}: the {life.Name} certificate", DateTimeOffset.FromUnixTimeSeconds((long)life.NotAfter))),
    ];

    // What makes this client trust the cluster, and what makes the cluster take this client.
    private static IEnumerable<string> OwnCertificates(ClusterConfiguration configuration)
    {
        foreach (var path in new[] { configuration.CaFile, configuration.ClientCertificateFile }.OfType<string>())
        {
            foreach (var certificate in LogCertificates.Read(path))
            {
                var ends = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
                if (WarningDays.Any(days => ends - DateTimeOffset.UtcNow < TimeSpan.FromDays(days)))
                {
                    yield return Ends($"{path}: {certificate.Subject}", ends);
                }
            }
        }
    }

    private static string Ends(string what, DateTimeOffset when)
    {
        var left = when - DateTimeOffset.UtcNow;
        var soon = WarningDays.FirstOrDefault(days => left < TimeSpan.FromDays(days));
        var day = when.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return left < TimeSpan.Zero ? $"{what} has ended on {day}" : $"{what} ends within {soon} days, on {day}";
    }

    private static JsonNode Describe((HsmAddress Address, GetHealthReply? Health, TimeSpan Latency, string[] Trouble) hsm)
    {
        var json = new JsonObject { ["address"] = $"{hsm.Address.Host}:{hsm.Address.Port}" };
        if (hsm.Health is not { } health)
        {
            json["status"] = "unreachable";
            json["cause"] = hsm.Trouble[0];
            return json;
        }

        json["hsm-id"] = health.Hsm;
        json["status"] = hsm.Trouble.Length > 0 ? "warning" : "ok";
        json["state"] = ((HsmState)health.State).ToString().ToLowerInvariant();
        json["version"] = health.Version;
        json["uptime-seconds"] = health.Uptime;
        json["latency-microseconds"] = (long)hsm.Latency.TotalMicroseconds;
        json["epoch"] = health.Epoch;
        json["sequence"] = health.Sequence;
        json["certificates"] = new JsonArray([.. health.Certificates.Select(Describe)]);
        return json;
    }

    private static JsonNode Describe(WireCertificateLife life)
    {
        var ends = DateTimeOffset.FromUnixTimeSeconds((long)life.NotAfter);
        return new JsonObject
        {
            ["name"] = life.Name,
            ["subject"] = life.Subject,
            ["not-after"] = ends.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["days-left"] = (long)Math.Floor((ends - DateTimeOffset.UtcNow).TotalDays),
            ["warning-days"] = life.Warning,
        };
    }
}
