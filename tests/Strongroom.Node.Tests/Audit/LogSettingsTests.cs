using System.Globalization;
using System.Text.Json.Nodes;
using Strongroom.Audit;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Audit;

/// <summary>What the settings of the log promise, through the real HSM.</summary>
public sealed class LogSettingsTests(TestHsm hsm) : IClassFixture<TestHsm>
{
    private const ulong DeviceMemory = 0x31;
    private static readonly WireMechanism Sha256 = new(0x250, 0, null, null, null, null, null, null, null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_room_no_key_is_used_the_refusals_are_counted_and_with_room_again_the_log_says_so()
    {
        await SetAsync(("segmentMiB", 1), ("capacityMiB", 2));
        await using var client = new HsmClient(hsm.Options);
        await using var session = await client.OpenSessionAsync(readWrite: false, Cancel);

        // What is finished is compressed meanwhile, which makes room again a few times.
        await Forwarding.ForwardingHsm.UntilAsync(
            async () =>
            {
                var refused = await FillAsync(client, session);
                Assert.Equal(DeviceMemory, refused.Rv);
                Assert.Contains("audit log has no room", refused.Cause, StringComparison.Ordinal);
                return await MetricAsync("strongroom_audit_full") == 1 && Alarms().Count() == 2;
            },
            "the log is full, and has said so");
        Assert.True(await MetricAsync("strongroom_audit_refused_total") > 0);

        // Whoever is to help can still get in.
        await using var admin = new HsmClient(hsm.Options);
        await admin.LoginAsync(UserType.So, "admin", "adminpassword"u8.ToArray(), Cancel);
        Assert.NotEmpty((await admin.ListAuditAsync(Cancel)).Segments);

        await SetAsync(("segmentMiB", 1), ("capacityMiB", 20));
        await DigestAsync(client, session, 1);
        Assert.Equal(0, await MetricAsync("strongroom_audit_full"));
    }

    [Fact]
    public async Task In_durable_mode_each_reply_waits_for_an_fsync()
    {
        await SetAsync(("mode", "durable"));
        await using var client = new HsmClient(hsm.Options);
        await using var session = await client.OpenSessionAsync(readWrite: false, Cancel);
        var before = await MetricAsync("strongroom_audit_fsyncs_total");
        for (var i = 0; i < 50; i++)
        {
            await DigestAsync(client, session, 1);
        }

        Assert.True(await MetricAsync("strongroom_audit_fsyncs_total") - before >= 50);   // one after the other, so none could be shared
    }

    [Theory]
    [InlineData("capacityMiB", "1")]
    [InlineData("mode", "\"sometimes\"")]
    [InlineData("forward", """[{"name":"x","kind":"syslog","to":"nowhere"}]""")]
    [InlineData("forward", """[{"name":"x","kind":"otlp","to":"http://clear.example/"}]""")]
    [InlineData("forward", """[{"name":"x","kind":"otlp","to":"https://a.example/","ca":"/no/such/file"}]""")]
    public async Task Settings_that_can_not_be_are_refused_with_the_reason(string name, string value)
    {
        var (path, before) = await ReadAsync();
        try
        {
            var settings = JsonNode.Parse(before)!;
            settings["audit"]![name] = JsonNode.Parse(value);
            await File.WriteAllTextAsync(path, settings.ToJsonString(), Cancel);
            var (code, error) = await HsmProcess.DoAsync(["run", "--state", hsm.State]);
            Assert.NotEqual(0, code);
            Assert.Contains("hsm.json", error, StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllTextAsync(path, before, Cancel);
        }
    }

    private IEnumerable<string> Alarms() =>
        SegmentEntries.Of(Path.Combine(hsm.State, "audit")).Where(e => e.Event.Operation == AuditOperation.AuditAlarm).Select(e => e.Event.Detail).Where(text => text[..2] is "80" or "95").Distinct();

    private static async Task<HsmRefusedException> FillAsync(HsmClient client, HsmSession session)
    {
        while (true)
        {
            try
            {
                await DigestAsync(client, session, 500);
            }
            catch (HsmRefusedException e)
            {
                return e;
            }
        }
    }

    private static Task<PerformReply[]> DigestAsync(HsmClient client, HsmSession session, int times) => Task.WhenAll(Enumerable.Range(0, times).Select(_ =>
        client.CallAsync<PerformRequest, PerformReply>(new(session.Id, (ulong)Use.Digest, Sha256, 0, "data"u8.ToArray(), null), Cancel)));

    private async Task<(string Path, string Text)> ReadAsync()
    {
        var path = Path.Combine(hsm.State, "hsm.json");
        return (path, await File.ReadAllTextAsync(path, Cancel));
    }

    private async Task SetAsync(params (string Name, JsonNode Value)[] settings)
    {
        var (path, text) = await ReadAsync();
        var file = JsonNode.Parse(text)!;
        file["audit"] = new JsonObject(settings.Select(s => KeyValuePair.Create<string, JsonNode?>(s.Name, s.Value)));
        await File.WriteAllTextAsync(path, file.ToJsonString(), Cancel);
        await hsm.RestartAsync();
    }

    private async Task<long> MetricAsync(string name)
    {
        using var http = new HttpClient();
        var line = (await http.GetStringAsync(new Uri($"http://{hsm.EndPoint.Address}:9223/metrics"), Cancel)).Split('\n').Single(l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);
    }
}
