using System.Text.Json;
using System.Text.RegularExpressions;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Monitoring;

/// <summary>What an HSM tells about itself, and the files of monitoring/ that read it, checked by Prometheus' own promtool.</summary>
[Collection(typeof(SharedDeployment))]
public sealed partial class MonitoringTests(QuickstartDeployment deployment) : IDisposable
{
    // There only once a receiver of the audit log is configured.
    private const string OfForwarding = "strongroom_audit_forward";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Rules_are_valid_and_alerts_fire_as_their_tests_say()
    {
        Promtool("check", "rules", Monitoring("strongroom.rules.yml")).MustSucceed();
        Promtool("test", "rules", Monitoring("strongroom.rules.test.yml")).MustSucceed();
    }

    [Fact]
    public void The_dashboards_queries_are_valid()
    {
        var rules = Queries().Select((query, i) => $"      - record: query_{i}\n        expr: {JsonSerializer.Serialize(query.Replace("$__rate_interval", "5m", StringComparison.Ordinal))}\n").ToList();
        Assert.True(rules.Count > 15);
        Promtool("check", "rules", _scratch.Write("dashboard.yml", $"groups:\n  - name: dashboard\n    rules:\n{string.Concat(rules)}")).MustSucceed();
    }

    [Fact]
    public void What_the_hsm_tells_is_well_formed_and_has_every_name_that_rules_and_dashboard_use()
    {
        var cli = new CloudHsmCli.CommandLine(deployment);
        cli.AsUser("key", "generate-asymmetric-pair", "ec", "--curve", "secp256r1", "--public-label", "metered-pub", "--private-label", "metered", "--private-attributes", "sign=true");
        string[] sign = ["crypto", "sign", "ecdsa", "--key-filter", "attr.label=metered", "--hash-function", "sha256", "--data", "aGk="];
        cli.AsUser(sign);
        cli.Refused(["crypto", "sign", "ecdsa", "--key-filter", "attr.label=metered-pub", "--hash-function", "sha256", "--data", "aGk="]);
        var text = deployment.MetricsText();
        Programs.Run("promtool", ["check", "metrics"], input: text).MustSucceed();

        var user = deployment.Variables["STRONGROOM_PIN"].Split(':')[0];
        Assert.True(deployment.Metric("strongroom_operations_total", "use=\"sign\"", "mechanism=\"CKM_ECDSA", $"user=\"{user}\"", "result=\"ok\"") > 0);
        Assert.True(deployment.Metric("strongroom_operation_seconds_count", "use=\"sign\"", "mechanism=\"CKM_ECDSA") > 0);
        Assert.True(deployment.Metric("strongroom_logins_total", "result=\"ok\"") > 0);
        Assert.True(deployment.Metric("strongroom_certificate_expiry_timestamp_seconds", "certificate=\"cluster\"") > DateTimeOffset.UtcNow.ToUnixTimeSeconds());

        var used = Queries().Append(File.ReadAllText(Monitoring("strongroom.rules.yml"))).SelectMany(t => Name().Matches(t)).Select(m => m.Value).Distinct();
        foreach (var name in used.Where(name => !name.StartsWith(OfForwarding, StringComparison.Ordinal)))
        {
            Assert.True(text.Contains($"\n{name}{{", StringComparison.Ordinal) || text.Contains($"\n{name} ", StringComparison.Ordinal), $"{name} is used, but no HSM tells it");
        }
    }

    [GeneratedRegex(@"\bstrongroom_[a-z_]+")]
    private static partial Regex Name();

    private static string Monitoring(string file) => Path.Combine(Programs.Repository, "monitoring", file);

    private static Finished Promtool(params string[] arguments) => Programs.Run("promtool", arguments);

    private static List<string> Queries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Monitoring("grafana-dashboard.json")));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)];
    }
}
