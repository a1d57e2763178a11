using System.Globalization;
using System.Net.Http;
using System.Text.Json;

namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>A DIR of its own under the temporary directory; stopped and removed at the end, and nothing of it may still run then.</summary>
public class Deployment : IDisposable
{
    private static readonly TimeSpan BuildAndStart = TimeSpan.FromMinutes(4);

    public string Dir { get; } = Directory.CreateTempSubdirectory("sr-e2e-").FullName;

    /// <summary>Runs ./strongroom with <c>--dir</c>.</summary>
    public Finished Strongroom(params string[] arguments) => StrongroomWith("", arguments);

    /// <summary>As <see cref="Strongroom"/>, with <paramref name="input"/> in a pipe on standard input.</summary>
    public Finished StrongroomWith(string input, params string[] arguments) =>
        Programs.Run(Path.Combine(Programs.Repository, "strongroom"), [.. arguments, "--dir", Dir], input: input, within: BuildAndStart);

    /// <summary><c>status --json</c>, whatever its exit code.</summary>
    public JsonElement Status() => JsonDocument.Parse(Strongroom("status", "--json").Output).RootElement;

    public JsonElement OnlyHsm() => Assert.Single(Status().GetProperty("hsms").EnumerateArray());

    public int HsmPid() => OnlyHsm().GetProperty("pid").GetInt32();

    public string Address() => OnlyHsm().GetProperty("address").GetString()!;

    /// <summary>The sum of a metric over those of its samples that have all <paramref name="labels"/>, from /metrics.</summary>
    public long Metric(string name, params string[] labels)
    {
        return (long)MetricsText().Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
            .Where(line => labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>All of /metrics.</summary>
    public string MetricsText()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return http.GetStringAsync(new Uri($"http://{Address()}:9223/metrics")).GetAwaiter().GetResult();
    }

    /// <summary>Signatures that the HSM has made.</summary>
    public long Signatures() => Metric("strongroom_operations_total", "use=\"sign\"", "result=\"ok\"");

    public virtual void Dispose()
    {
        Strongroom("stop").MustSucceed();
        Directory.Delete(Dir, recursive: true);
        Waiting.Until(() => RunningProcesses.With(Dir).Length == 0, $"every process of {Dir} ended");
        GC.SuppressFinalize(this);
    }
}
