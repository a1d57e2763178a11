using System.Text.Json.Nodes;

namespace Strongroom.Bench;

/// <summary>What the audit log costs: the same signatures with it, without it, and with an fsync before each reply. With and without in turn, so that the machine's moods meet both.</summary>
/// <param name="With">A second, as installed.</param>
/// <param name="Without">A second, by an HSM that was built to measure this and keeps no log.</param>
/// <param name="Durable">A second, when each reply waits for an fsync.</param>
/// <param name="Events">Events logged a second in durable mode.</param>
/// <param name="Syncs">Fsyncs a second in durable mode.</param>
internal sealed record AuditCost(double With, double Without, double Durable, double Events, double Syncs)
{
    private const string Switch = "Strongroom.NoAuditLog";
    private static readonly Work Signing = new("p256-sign", 16, OnSoftHsm: false);

    /// <summary>Makes three deployments and measures them in turn.</summary>
    public static AuditCost Measure(string root, string directory, LoadGenerator load, Plan plan)
    {
        var programs = Path.Combine(root, "artifacts/strongroom");
        using var with = Deployment.Create(programs, Path.Combine(directory, "with"), []);
        using var without = Deployment.Create(WithoutLog(programs, Path.Combine(directory, "programs")), Path.Combine(directory, "without"), []);
        using var durable = Deployment.Create(programs, Path.Combine(directory, "durable"), new JsonObject { ["mode"] = "durable" });

        // More rounds than elsewhere: a few percent are to be told from the machine's moods. And durable apart: what it leaves to be written would fall into the others' time.
        var pairs = Enumerable.Range(0, (2 * plan.Rounds) + 1).Select(_ => (With: with.Measure("log", load, Signing, plan), Without: without.Measure("no log", load, Signing, plan))).ToList();
        var durables = Enumerable.Range(0, plan.Rounds).Select(_ => durable.Measure("durable log", load, Signing, plan)).ToList();
        return new AuditCost(
            Results.Median(pairs.Select(pair => pair.With.Measured.PerSecond)),
            Results.Median(pairs.Select(pair => pair.Without.Measured.PerSecond)),
            Results.Median(durables.Select(one => one.Measured.PerSecond)),
            durables.Average(one => one.Events) / plan.Seconds,
            durables.Average(one => one.Syncs) / plan.Seconds);
    }

    // No setting of an HSM turns its log off; only the programs' own runtime configuration can.
    private static string WithoutLog(string programs, string copy)
    {
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(programs))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        var path = Path.Combine(copy, "strongroom-hsm.runtimeconfig.json");
        var runtime = JsonNode.Parse(File.ReadAllText(path))!;
        runtime["runtimeOptions"]!["configProperties"]![Switch] = true;
        File.WriteAllText(path, runtime.ToJsonString());
        return copy;
    }
}
