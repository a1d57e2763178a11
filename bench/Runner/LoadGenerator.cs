using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Strongroom.Bench;

/// <summary>What one run of the load generator found.</summary>
/// <param name="ClientCpu">Microseconds of CPU a call in the client's process.</param>
/// <param name="HsmCpu">Microseconds of CPU a call in the HSM's process; 0 where there is none.</param>
internal sealed record Measurement(string Subject, Work Work, double PerSecond, double P50, double P99, double Max, long Failures, double ClientCpu, double HsmCpu);

/// <summary>Runs bench/load/load, which drives any PKCS#11 module, and reads the CPU time of the HSM around it.</summary>
internal sealed class LoadGenerator(string path)
{
    private static readonly double TicksPerSecond = 100; // USER_HZ on every Linux

    public Measurement Measure(Subject subject, Work work, Plan plan)
    {
        Progress.Say($"  {subject.Name}: {work.Name} threads={work.Threads}{(work.Size > 0 ? $" size={work.Size}" : "")}{(work.Keys > 0 ? $" keys={work.Keys}" : "")}");
        var start = new ProcessStartInfo(path) { RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            "--module", subject.Module, "--token", subject.Token, "--pin", subject.Pin, "--work", work.Name, "--threads", Text(work.Threads),
            "--seconds", Text(plan.Seconds), "--size", Text(work.Size), "--keys", Text(Math.Max(1, work.Keys)),
        })
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in subject.Environment)
        {
            start.Environment[name] = value;
        }

        var before = CpuSeconds(subject.HsmProcess);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"the load generator failed ({process.ExitCode}) at {subject.Name} {work.Name}: its words stand above");
        }

        using var json = JsonDocument.Parse(output);
        var root = json.RootElement;
        var calls = Math.Max(1, root.GetProperty("calls").GetInt64());
        return new Measurement(subject.Name, work, Number("per_second"), Number("p50_us"), Number("p99_us"), Number("max_us"), root.GetProperty("failures").GetInt64(),
            Number("cpu_us_per_call"), (CpuSeconds(subject.HsmProcess) - before) * 1e6 / calls);

        double Number(string name) => root.GetProperty(name).GetDouble();
    }

    private static double CpuSeconds(int? process)
    {
        if (process is not { } id)
        {
            return 0;
        }

        // /proc/PID/stat: the fields after the command's closing parenthesis; utime and stime are the 14th and 15th of the line.
        var fields = File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
