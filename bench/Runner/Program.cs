using Strongroom.Bench;

// Started by bench/run, which builds everything and has a Strongroom running: see there.
if (args.Contains("--help") || Environment.GetEnvironmentVariable("STRONGROOM_PKCS11_MODULE") is null)
{
    Console.WriteLine("usage: bench/run [--quick | --million]\n  --quick    shorter measurements, one round\n  --million  also a cluster of a million keys; takes some minutes more\nexample: bench/run --million");
    return args.Contains("--help") ? 0 : 2;
}

var plan = args.Contains("--quick") ? Plan.Quick : args.Contains("--million") ? Plan.Million : Plan.Full;
var root = Environment.GetEnvironmentVariable("STRONGROOM_BENCH_ROOT") ?? Directory.GetCurrentDirectory();
var load = new LoadGenerator(Path.Combine(root, "bench/load/load"));
var ours = Subject.Strongroom();
var softHsm = SoftHsm.Prepare(Path.Combine(Path.GetTempPath(), $"strongroom-bench-{Environment.ProcessId}"));

var results = new Results(plan);
var directory = Directory.CreateTempSubdirectory("run-").FullName;
try
{
    Progress.Say("warming up");
    load.Measure(ours, new Work("p256-sign", 16), LoadGenerator.WarmUp(plan));
    load.Measure(ours, new Work("rsa2048-sign", 16), LoadGenerator.WarmUp(plan));
    for (var round = 1; round <= plan.Rounds; round++)
    {
        Progress.Say($"round {round} of {plan.Rounds}");
        results.AddReference(OpenSslSpeed.Measure(plan));
        foreach (var work in plan.Works)
        {
            results.Add(load.Measure(ours, work, plan));
            if (work.OnSoftHsm && softHsm is not null)
            {
                results.Add(load.Measure(softHsm.Subject, work, plan));
            }
        }
    }

    results.AuditCost = AuditCost.Measure(root, Directory.CreateDirectory(Path.Combine(directory, "audit")).FullName, load, plan);
    results.Populations = Population.Measure(Path.Combine(root, "artifacts/strongroom"), Path.Combine(directory, "population"), load, plan, softHsm);
}
finally
{
    softHsm?.Dispose();
    Directory.Delete(directory, recursive: true);
}

Report.Print(results);
File.WriteAllText(Path.Combine(root, "bench/RESULTS.md"), Report.Markdown(results, Notes.Read(Path.Combine(root, "bench/NOTES.md"))));
return 0;
