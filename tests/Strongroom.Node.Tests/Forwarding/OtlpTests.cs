using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Strongroom.Node.Forwarding;

/// <summary>An HTTPS server takes the log as an OpenTelemetry collector does; it is unavailable at first.</summary>
public sealed class OtlpTests(TestHsm hsm) : IClassFixture<TestHsm>, IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly IPAddress _address = TestHsm.RandomLoopback();
    private readonly TestAuthority _authority = new("collectors");
    private readonly ConcurrentQueue<JsonElement> _requests = new();
    private WebApplication? _collector;
    private int _turnedAway;

    public async ValueTask DisposeAsync()
    {
        if (_collector is { } collector)
        {
            await collector.DisposeAsync();
        }

        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Events_arrive_as_log_records_also_after_a_collector_that_was_unavailable()
    {
        await StartAsync();
        var forwarding = new ForwardingHsm(hsm);
        await File.WriteAllTextAsync(_folder.File("ca.pem"), _authority.Pem, TestContext.Current.CancellationToken);
        await forwarding.ForwardAsync("otlp", $"https://{_address}:4318/v1/logs", _folder.File("ca.pem"));
        await forwarding.DigestAsync(10);
        await forwarding.CaughtUpAsync();

        // A head is signed about a second after the first event.
        await ForwardingHsm.UntilAsync(() => Task.FromResult(Records().Any(IsHead)), "a head");

        Assert.True(_turnedAway > 0);
        var resource = Attributes(_requests.First().GetProperty("resourceLogs")[0].GetProperty("resource"));
        Assert.Equal(("strongroom-hsm", TestHsm.Hsm), (resource["service.name"], resource["service.instance.id"]));
        var records = Records();
        var events = records.Where(record => !IsHead(record)).Select(Attributes).ToList();
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => $"{i}"), events.Select(e => e["sequence"]));
        Assert.Equal(10, events.Count(e => e["operation"] == "Digest"));
        Assert.All(records, r => Assert.Matches("^[0-9]{19}$", r.GetProperty("timeUnixNano").GetString()));
    }

    private List<JsonElement> Records() => [.. _requests.SelectMany(r => r.GetProperty("resourceLogs")[0].GetProperty("scopeLogs")[0].GetProperty("logRecords").EnumerateArray())];

    private static bool IsHead(JsonElement record) => record.GetProperty("body").GetProperty("stringValue").GetString() == "Head";

    private static Dictionary<string, string> Attributes(JsonElement of) =>
        of.GetProperty("attributes").EnumerateArray().ToDictionary(a => a.GetProperty("key").GetString()!, a => a.GetProperty("value").GetProperty("stringValue").GetString()!);

    private async Task StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(_address, 4318, listen => listen.UseHttps(_authority.IssueServer(_address))));
        _collector = builder.Build();
        _collector.Run(async context =>
        {
            if (Interlocked.Increment(ref _turnedAway) == 1)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            _requests.Enqueue(body.RootElement.Clone());
            await context.Response.WriteAsync("{}");
        });
        await _collector.StartAsync();
    }
}
