using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Strongroom.Bench;

/// <summary>A cluster of so many keys: how long a search by label takes for a user who sees 1 % of them, how long a start, and how much memory.</summary>
/// <param name="Keys">Token objects of the cluster.</param>
/// <param name="Find">Searches as the application sees them, by one thread.</param>
/// <param name="P99Class">The class of the HSM's own histogram (strongroom_find_seconds) that 99 % of the searches do not exceed, in µs; infinite above the last.</param>
/// <param name="Within50">The share of searches that took at most 50 µs inside the HSM.</param>
/// <param name="Ready">From `strongroom up` until the HSM serves, in seconds.</param>
/// <param name="BytesAKey">Memory of the HSM (VmRSS after that start) beyond that with no keys, in bytes a key.</param>
/// <param name="SoftHsmPerSecond">The same searches by SoftHSM2; null where it would take too long.</param>
internal sealed record Population(int Keys, Measurement Find, double P99Class, double Within50, double Ready, double BytesAKey, double? SoftHsmPerSecond)
{
    // A search takes SoftHSM2 milliseconds at this many keys already, and making them minutes.
    private const int MostForSoftHsm = 1_000;
    private const string Filler = "filler";
    private const string FillerPassword = "fills-the-cluster-1";

    /// <summary>Grows one cluster through these sizes and measures at each.</summary>
    public static IReadOnlyList<Population> Measure(string programs, string directory, LoadGenerator load, Plan plan, SoftHsm? softHsm)
    {
        using var deployment = Deployment.Create(programs, directory, []);
        deployment.Do("up");
        AddFiller(programs, deployment);
        var empty = Restart(deployment).Memory;
        var measured = plan.Populations.Select(keys => Measure(deployment, load, plan, keys, empty, softHsm)).ToList();
        deployment.Do("stop");
        return measured;
    }

    private static Population Measure(Deployment deployment, LoadGenerator load, Plan plan, int keys, long empty, SoftHsm? softHsm)
    {
        Progress.Say($"  filling a cluster to {keys:N0} keys, of which the user sees 1 %");
        var user = deployment.Subject($"{keys:N0} keys");
        load.Fill(user with { Pin = $"{Filler}:{FillerPassword}" }, "load-fill", keys - (keys / 100));
        var search = new Work("find", 1, Keys: keys / 100);
        load.Fill(user, "load-find", search.Keys);
        var (ready, memory) = Restart(deployment);
        user = deployment.Subject(user.Name);

        load.Measure(user, search, LoadGenerator.WarmUp(plan));
        var before = deployment.Classes("strongroom_find_seconds");
        var rounds = Enumerable.Range(0, plan.Rounds).Select(_ => load.Measure(user, search, plan)).ToList();
        var took = deployment.Classes("strongroom_find_seconds").Zip(before, (after, first) => (after.Bound, Count: after.Count - first.Count)).ToList();
        double all = took[^1].Count;
        var find = rounds[0] with { PerSecond = Results.Median(rounds.Select(r => r.PerSecond)), P50 = Results.Median(rounds.Select(r => r.P50)), P99 = Results.Median(rounds.Select(r => r.P99)), Max = rounds.Max(r => r.Max) };
        double? soft = softHsm is not null && keys <= MostForSoftHsm ? load.Measure(softHsm.Subject, search with { Keys = keys }, plan).PerSecond : null;
        return new Population(
            keys, find, took.First(c => c.Count >= 0.99 * all).Bound * 1e6, took.First(c => c.Bound >= 50e-6).Count / all, ready, (double)(memory - empty) / keys, soft);
    }

    private static (double Ready, long Memory) Restart(Deployment deployment)
    {
        deployment.Do("stop");
        var clock = Stopwatch.StartNew();
        deployment.Do("up");
        var ready = clock.Elapsed.TotalSeconds;
        var line = File.ReadLines($"/proc/{deployment.HsmProcess()}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return (ready, 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
    }

    private static void AddFiller(string programs, Deployment deployment)
    {
        var start = new ProcessStartInfo(Path.Combine(programs, "cloudhsm-cli"), ["user", "create", "--username", Filler, "--role", "crypto-user", "--password", FillerPassword]) { RedirectStandardOutput = true };
        foreach (var (name, value) in deployment.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["CLOUDHSM_ROLE"] = "admin";
        start.Environment["CLOUDHSM_PIN"] = $"admin:{File.ReadAllText(Path.Combine(deployment.Directory, "customer/admin.password")).Trim()}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"the second user can't be made: {JsonNode.Parse(output)?["data"]}");
        }
    }
}
