using Strongroom.Bench;

// Started by bench/run, which builds everything and has a Strongroom running: see there.
if (args.Contains("--help") || Environment.GetEnvironmentVariable("STRONGROOM_PKCS11_MODULE") is null)
{
    Console.WriteLine("usage: bench/run [--quick]\n  --quick   shorter measurements, one round\nexample: bench/run --quick");
    return args.Contains("--help") ? 0 : 2;
}

var plan = args.Contains("--quick") ? Plan.Quick : Plan.Full;
var root = Environment.GetEnvironmentVariable("STRONGROOM_BENCH_ROOT") ?? Directory.GetCurrentDirectory();
var load = new LoadGenerator(Path.Combine(root, "bench/load/load"));
var ours = Subject.Strongroom();
var softHsm = SoftHsm.Prepare(Path.Combine(Path.GetTempPath(), $"strongroom-bench-{Environment.ProcessId}"));

var results = new Results(plan);
using (softHsm)
{
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
}

var directory = Directory.CreateTempSubdirectory("strongroom-bench-audit.").FullName;
try
{
    results.AuditCost = AuditCost.Measure(root, directory, load, plan);
}
finally
{
    Directory.Delete(directory, recursive: true);
}

Report.Print(results);
File.WriteAllText(Path.Combine(root, "bench/RESULTS.md"), Report.Markdown(results));
return 0;
