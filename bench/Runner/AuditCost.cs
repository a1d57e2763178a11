using System.Text.Json.Nodes;

namespace Strongroom.Bench;

/// <summary>What the audit log costs: the same signatures with it, without it, and with an fsync before each reply.</summary>
/// <param name="With">A second, as installed.</param>
/// <param name="Without">A second, by an HSM that was built to measure this and keeps no log.</param>
/// <param name="Durable">A second, when each reply waits for an fsync.</param>
/// <param name="Events">Events logged a second in durable mode.</param>
/// <param name="Syncs">Fsyncs a second in durable mode.</param>
internal sealed record AuditCost(double With, double Without, double Durable, double Events, double Syncs)
{
    // A few percent are to be told from the machine's moods, which last for seconds: many short turns by two HSMs that both stay up, since one that was just started still compiles its code.
    private const int TurnsARound = 10;
    private const string Switch = "Strongroom.NoAuditLog";
    private static readonly Work Signing = new("p256-sign", 16, OnSoftHsm: false);

    /// <summary>Makes three deployments and measures the first two in turn. Then the third: what durable mode leaves to be written would fall into the others' time.</summary>
    public static AuditCost Measure(string root, string directory, LoadGenerator load, Plan plan)
    {
        var programs = Path.Combine(root, "artifacts/strongroom");
        using var with = Deployment.Create(programs, Path.Combine(directory, "with"), []);
        using var without = Deployment.Create(WithoutLog(programs, Path.Combine(directory, "programs")), Path.Combine(directory, "without"), []);
        using var durable = Deployment.Create(programs, Path.Combine(directory, "durable"), new JsonObject { ["mode"] = "durable" });
        var (withLog, withoutLog) = InTurn(with, without, load, plan);
        durable.Do("up");
        var subject = WarmedUp(durable, "durable log", load, plan);
        var before = (Events: durable.Metric("strongroom_audit_events_total"), Syncs: durable.Metric("strongroom_audit_fsyncs_total"));
        var rounds = Enumerable.Range(0, plan.Rounds).Select(_ => load.Measure(subject, Signing, plan).PerSecond).ToList();
        var after = (Events: durable.Metric("strongroom_audit_events_total"), Syncs: durable.Metric("strongroom_audit_fsyncs_total"));
        durable.Do("stop");
        return new AuditCost(withLog, withoutLog, Results.Median(rounds), (after.Events - before.Events) / (plan.Rounds * plan.Seconds), (after.Syncs - before.Syncs) / (plan.Rounds * plan.Seconds));
    }

    // The mean, not the median: a turn in which the log goes to its next segment and compresses the last one counts like the others.
    private static (double First, double Second) InTurn(Deployment first, Deployment second, LoadGenerator load, Plan plan)
    {
        first.Do("up");
        second.Do("up");
        Subject[] subjects = [WarmedUp(first, "log", load, plan), WarmedUp(second, "no log", load, plan)];
        var turns = Enumerable.Range(0, plan.Rounds * TurnsARound)
            .Select(turn => (turn % 2 == 0 ? subjects : subjects.Reverse()).Select(subject => load.Measure(subject, Signing, plan with { Seconds = 1 })).ToDictionary(measured => measured.Subject, measured => measured.PerSecond))
            .ToList();
        first.Do("stop");
        second.Do("stop");
        return (turns.Average(turn => turn[subjects[0].Name]), turns.Average(turn => turn[subjects[1].Name]));
    }

    private static Subject WarmedUp(Deployment deployment, string name, LoadGenerator load, Plan plan)
    {
        var subject = deployment.Subject(name);
        load.Measure(subject, Signing, LoadGenerator.WarmUp(plan));
        load.Measure(subject, Signing, LoadGenerator.WarmUp(plan));
        return subject;
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
