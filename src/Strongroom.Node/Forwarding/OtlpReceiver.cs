using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Strongroom.Audit;
using Strongroom.Audit.Exports;
using Strongroom.Audit.Following;

namespace Strongroom.Node.Forwarding;

/// <summary>OpenTelemetry log records over OTLP/HTTP with JSON (OpenTelemetry protocol 1.x): one record an event, its body the operation, its attributes the event's fields. Acknowledged by the collector's answer.</summary>
internal sealed class OtlpReceiver : IReceiver
{
    private const int Info = 9;
    private const int Warn = 13;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Uri _to;
    private readonly HttpClient _http;

    public OtlpReceiver(Uri to, string? caFile)
    {
        _to = to;
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, SslOptions = ReceiverTrust.Options(null, caFile) };
        _http = new HttpClient(handler) { Timeout = Patience };
    }

    public async Task SendAsync(IReadOnlyList<FollowedItem> items, CancellationToken cancel)
    {
        using var content = new ByteArrayContent(Body(items).ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var answer = await _http.PostAsync(_to, content, cancel).ConfigureAwait(false);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new IOException($"the collector answered {(int)answer.StatusCode}");
            }
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new IOException(e.InnerException?.Message ?? e.Message, e);
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>An ExportLogsServiceRequest in its JSON form.</summary>
    internal static ReadOnlySpan<byte> Body(IReadOnlyList<FollowedItem> items)
    {
        var buffer = new ArrayBufferWriter<byte>(items.Count * 1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartArray("resourceLogs");
        json.WriteStartObject();
        json.WriteStartObject("resource");
        Attributes(json, [("service.name", "strongroom-hsm"), ("service.version", Product.Version), ("service.instance.id", Hsm(items[0]))]);
        json.WriteEndObject();
        json.WriteStartArray("scopeLogs");
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", "strongroom.audit");
        json.WriteEndObject();
        json.WriteStartArray("logRecords");
        foreach (var item in items)
        {
            Record(json, item);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static string Hsm(FollowedItem item) => item.Entry?.Log.Hsm ?? item.Head!.Hsm;

    private static void Record(Utf8JsonWriter json, FollowedItem item)
    {
        var (time, severity, operation, fields) = item switch
        {
            { Entry: { } entry } => (entry.Event.Time, entry.Event.Result == 0 ? Info : Warn, entry.Event.Operation.ToString(), JsonLines.ToText(entry)),
            { Head: { } head } => (head.Time, Info, "Head", head.ToJson()),
            _ => throw new ArgumentException("an item is an event or a head", nameof(item)),
        };
        json.WriteStartObject();
        json.WriteString("timeUnixNano", string.Create(CultureInfo.InvariantCulture, $"{AuditTime.ToMicroseconds(time)}000"));
        json.WriteNumber("severityNumber", severity);
        json.WriteString("severityText", severity == Info ? "INFO" : "WARN");
        json.WriteStartObject("body");
        json.WriteString("stringValue", operation);
        json.WriteEndObject();
        using var parsed = JsonDocument.Parse(fields);
        Attributes(json, parsed.RootElement.EnumerateObject().Select(field => (field.Name, field.Value.ToString())));
        json.WriteEndObject();
    }

    private static void Attributes(Utf8JsonWriter json, IEnumerable<(string Name, string Value)> attributes)
    {
        json.WriteStartArray("attributes");
        foreach (var (name, value) in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key", name);
            json.WriteStartObject("value");
            json.WriteString("stringValue", value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
