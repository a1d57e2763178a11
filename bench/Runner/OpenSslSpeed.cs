using System.Diagnostics;
using System.Globalization;

namespace Strongroom.Bench;

/// <summary>What `openssl speed -multi 2` signs a second on this machine in this run: the yardstick.</summary>
internal sealed record Reference(double P256, double Rsa2048);

internal static class OpenSslSpeed
{
    public static Reference Measure(Plan plan)
    {
        var seconds = Math.Max(1, (int)Math.Round(plan.Seconds)).ToString(CultureInfo.InvariantCulture);
        return new Reference(Run(seconds, "ecdsap256"), Run(seconds, "rsa2048"));
    }

    private static double Run(string seconds, string algorithm)
    {
        Progress.Say($"  openssl speed -multi 2 {algorithm}");
        var start = new ProcessStartInfo("openssl", $"speed -seconds {seconds} -multi 2 {algorithm}") { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = errors.Result;
        // The last line holds the sums of both processes: "256 bits ecdsa (nistp256) 0.0000s 0.0000s 59892.0 23112.0", signatures a second last but one.
        var line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return double.Parse(columns[^2], CultureInfo.InvariantCulture);
    }
}
