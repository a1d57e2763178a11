using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Strongroom.Bench;

/// <summary>A Strongroom of its own, that runs only while it is measured.</summary>
internal sealed class Deployment : IDisposable
{
    private readonly string _strongroom;

    private Deployment(string strongroom, string directory) => (_strongroom, Directory) = (strongroom, directory);

    /// <summary>DIR.</summary>
    public string Directory { get; }

    /// <summary>What DIR/env sets. It is a shell file, so the shell reads it.</summary>
    public Dictionary<string, string> Environment
    {
        get
        {
            var start = new ProcessStartInfo("sh", ["-c", $". '{Directory}/env' && env -0"]) { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            return process.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        }
    }

    /// <summary>Makes one and stops it.</summary>
    /// <param name="programs">The folder of the programs.</param>
    /// <param name="directory">DIR.</param>
    /// <param name="audit">"audit" of hsm.json.</param>
    public static Deployment Create(string programs, string directory, JsonObject audit)
    {
        var made = new Deployment(Path.Combine(programs, "strongroom"), directory);
        made.Do("quickstart");
        made.Do("stop");
        var file = System.IO.Directory.EnumerateFiles(directory, "hsm.json", SearchOption.AllDirectories).Single();
        var settings = JsonNode.Parse(File.ReadAllText(file))!;
        settings["audit"] = audit;
        File.WriteAllText(file, settings.ToJsonString());
        return made;
    }

    /// <summary>It, running, as what is measured.</summary>
    public Subject Subject(string name)
    {
        var environment = Environment;
        return new Subject(name, environment["STRONGROOM_PKCS11_MODULE"], environment["STRONGROOM_TOKEN_LABEL"], environment["STRONGROOM_PIN"], HsmProcess(), environment);
    }

    /// <summary>A figure of /metrics.</summary>
    public double Metric(string name)
    {
        var line = Metrics(Address()).First(l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return Number(line[(line.LastIndexOf(' ') + 1)..]);
    }

    /// <summary>A histogram of /metrics: upper bounds in seconds, rising, and how many did not exceed each.</summary>
    public IReadOnlyList<(double Bound, double Count)> Classes(string name) =>
        [.. Metrics(Address()).Where(line => line.StartsWith(name + "_bucket{", StringComparison.Ordinal)).Select(line =>
        {
            var bound = line.Split("le=\"")[1].Split('"')[0];
            return (bound == "+Inf" ? double.PositiveInfinity : Number(bound), Number(line[(line.LastIndexOf(' ') + 1)..]));
        })];

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    /// <summary>`strongroom VERB --dir DIR`; returns when that is done.</summary>
    public void Do(string verb)
    {
        var start = new ProcessStartInfo(_strongroom, [verb, "--dir", Directory]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"strongroom {verb} failed ({process.ExitCode}): {output}{errors.Result}");
        }
    }

    /// <summary>Its process, while it runs.</summary>
    public int HsmProcess() => System.IO.Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
        .First(id => CommandLine(id) is [var program, ..] words && program.EndsWith("strongroom-hsm", StringComparison.Ordinal) && words.Any(word => word.StartsWith(Directory, StringComparison.Ordinal)));

    private static string[] CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private string Address() => JsonNode.Parse(File.ReadAllText(System.IO.Directory.EnumerateFiles(Directory, "hsm.json", SearchOption.AllDirectories).Single()))!["address"]!.GetValue<string>();

    private static string[] Metrics(string address)
    {
        using var http = new HttpClient();
        return http.GetStringAsync(new Uri($"http://{address}:9223/metrics")).Result.Split('\n');
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
