using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Forwarding;

/// <summary>An HSM that forwards its log, and what its tests do with it.</summary>
internal sealed class ForwardingHsm(TestHsm hsm)
{
    private static readonly WireMechanism Sha256 = new(0x250, 0, null, null, null, null, null, null, null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Sets "audit.forward" and starts the HSM anew.</summary>
    public async Task ForwardAsync(string kind, string to, string ca)
    {
        var path = Path.Combine(hsm.State, "hsm.json");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(path, Cancel))!;
        settings["audit"]!["forward"] = new JsonArray(new JsonObject { ["name"] = "there", ["kind"] = kind, ["to"] = to, ["ca"] = ca });
        await File.WriteAllTextAsync(path, settings.ToJsonString(), Cancel);
        await hsm.RestartAsync();
    }

    /// <summary>Some operations, each an event.</summary>
    public async Task DigestAsync(int times)
    {
        await using var client = new HsmClient(hsm.Options);
        await using var session = await client.OpenSessionAsync(readWrite: false, Cancel);
        for (var i = 0; i < times; i++)
        {
            await client.CallAsync<PerformRequest, PerformReply>(new(session.Id, (ulong)Use.Digest, Sha256, 0, Encoding.ASCII.GetBytes($"{i}"), null), Cancel);
        }
    }

    /// <summary>Waits until nothing is left to forward, but for what the HSM itself adds meanwhile.</summary>
    public Task CaughtUpAsync() => UntilAsync(async () => await LagAsync() == 0, "everything is forwarded");

    public async Task<long> LagAsync()
    {
        using var http = new HttpClient();
        var line = (await http.GetStringAsync(new Uri($"http://{hsm.EndPoint.Address}:9223/metrics"), Cancel)).Split('\n')
            .Single(l => l.StartsWith("strongroom_audit_forward_lag_events{receiver=\"there\"}", StringComparison.Ordinal));
        return long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    public static async Task UntilAsync(Func<Task<bool>> reached, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await reached())
        {
            Assert.False(deadline.IsCancellationRequested, $"not reached: {what}");
            await Task.Delay(50, Cancel);
        }
    }
}
