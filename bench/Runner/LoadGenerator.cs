using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Strongroom.Bench;

/// <summary>What one run of the load generator found.</summary>
/// <param name="ClientCpu">Microseconds of CPU a call in the client's process.</param>
/// <param name="HsmCpu">Microseconds of CPU a call in the HSM's process; 0 where there is none.</param>
internal sealed record Measurement(string Subject, Work Work, double PerSecond, double P50, double P99, double Max, long Failures, double ClientCpu, double HsmCpu);

/// <summary>Runs bench/load/load, which drives any PKCS#11 module.</summary>
internal sealed class LoadGenerator(string path)
{
    public Measurement Measure(Subject subject, Work work, Plan plan)
    {
        Progress.Say($"  {subject.Name}: {work.Name} threads={work.Threads}{(work.Size > 0 ? $" size={work.Size}" : "")}{(work.Keys > 0 ? $" keys={work.Keys}" : "")}");
        using var json = JsonDocument.Parse(Run(
            subject, work, "--threads", Text(work.Threads), "--seconds", Text(plan.Seconds), "--size", Text(work.Size), "--keys", Text(Math.Max(1, work.Keys)), "--hsm", Text(subject.HsmProcess ?? 0),
            "--makers", subject.HsmProcess is null ? "1" : "64"));   // SoftHSM2 fails when many threads make keys
        var root = json.RootElement;
        return new Measurement(subject.Name, work, Number("per_second"), Number("p50_us"), Number("p99_us"), Number("max_us"), root.GetProperty("failures").GetInt64(),
            Number("cpu_us_per_call"), Number("hsm_cpu_us_per_call"));

        double Number(string name) => root.GetProperty(name).GetDouble();
    }

    /// <summary>For the measurement before the first one, whose figures nobody looks at: an HSM that was just started compiles its code in the first seconds.</summary>
    public static Plan WarmUp(Plan plan) => plan with { Seconds = Math.Min(plan.Seconds, 2) };

    /// <summary>Makes keys with these labels, as far as they are missing.</summary>
    public void Fill(Subject subject, string prefix, int keys) => Run(subject, new Work("find", 1), "--seconds", "0.01", "--keys", Text(keys), "--prefix", prefix);

    private string Run(Subject subject, Work work, params string[] more)
    {
        var start = new ProcessStartInfo(path, ["--module", subject.Module, "--token", subject.Token, "--pin", subject.Pin, "--work", work.Name, .. more]) { RedirectStandardOutput = true };
        foreach (var (name, value) in subject.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"the load generator failed ({process.ExitCode}) at {subject.Name} {work.Name}: its words stand above");
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
