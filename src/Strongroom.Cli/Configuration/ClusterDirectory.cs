using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Configuration;

/// <summary>
/// Asks the CloudHSM API where a cluster's HSMs are (DescribeClusters, AWS JSON 1.1), as AWS's configure tools do. The credentials are those of the environment: AWS_ACCESS_KEY_ID,
/// AWS_SECRET_ACCESS_KEY and, if there is one, AWS_SESSION_TOKEN. The request is signed as AWS's "Signature Version 4 for API requests" says.
/// </summary>
internal static class ClusterDirectory
{
    private const string Service = "cloudhsm";
    private const string Target = "BaldrApiService.DescribeClusters";
    private const string ContentType = "application/x-amz-json-1.1";
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(15);

    /// <exception cref="CommandRefusedException">No credentials, no answer, or no such cluster with an address.</exception>
    public static async Task<HsmAddress[]> AddressesAsync(string clusterId, string? region, string? endpoint, CancellationToken cancel)
    {
        region ??= Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? "us-east-1";
        if (!Uri.TryCreate(endpoint ?? $"https://cloudhsmv2.{region}.amazonaws.com", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new CommandRefusedException($"--endpoint is the URL of a CloudHSM API, not {endpoint}");
        }

        var body = new JsonObject { ["Filters"] = new JsonObject { ["clusterIds"] = new JsonArray(JsonValue.Create(clusterId)) } }.ToJsonString();
        using var http = new HttpClient { Timeout = Within };
        using var request = Sign(url, region, Encoding.UTF8.GetBytes(body), DateTimeOffset.UtcNow);
        try
        {
            using var answer = await http.SendAsync(request, cancel).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? Read(clusterId, JsonNode.Parse(text)) : throw new CommandRefusedException($"The CloudHSM API at {url.Host} refused: {Reason(text)} (HTTP {(int)answer.StatusCode})");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException or InvalidOperationException && !cancel.IsCancellationRequested)
        {
            throw new CommandRefusedException($"The CloudHSM API at {url.Host} does not tell where {clusterId} is: {e.Message}. Give the address of an HSM instead: -a ADDRESS", e);
        }
    }

    private static HsmAddress[] Read(string clusterId, JsonNode? answer)
    {
        var cluster = answer?["Clusters"]?.AsArray().FirstOrDefault(one => (string?)one?["ClusterId"] == clusterId) ?? throw new CommandRefusedException($"The CloudHSM API knows no cluster {clusterId}");
        HsmAddress[] addresses = [.. (cluster["Hsms"]?.AsArray() ?? []).Select(hsm => (string?)hsm?["EniIp"]).OfType<string>().Select(ip => new HsmAddress(ip, HsmAddress.UsualPort))];
        return addresses.Length > 0 ? addresses : throw new CommandRefusedException($"{clusterId} has no HSM with an address");
    }

    private static string Reason(string text)
    {
        try
        {
            var error = JsonNode.Parse(text);
            return (string?)error?["message"] ?? (string?)error?["Message"] ?? (string?)error?["__type"] ?? "without a reason";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "without a reason";
        }
    }

    private static HttpRequestMessage Sign(Uri url, string region, byte[] body, DateTimeOffset now)
    {
        var (id, secret) = (Variable("AWS_ACCESS_KEY_ID"), Variable("AWS_SECRET_ACCESS_KEY"));
        if (id is null || secret is null)
        {
            throw new CommandRefusedException("To ask the CloudHSM API set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the address of an HSM instead: -a ADDRESS");
        }

        var (time, day) = (now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), now.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        SortedDictionary<string, string> headers = new(StringComparer.Ordinal) { ["content-type"] = ContentType, ["host"] = url.Authority, ["x-amz-date"] = time, ["x-amz-target"] = Target };
        if (Variable("AWS_SESSION_TOKEN") is { } token)
        {
            headers["x-amz-security-token"] = token;
        }

        var names = string.Join(';', headers.Keys);
        var canonical = $"POST\n{(url.AbsolutePath.Length > 0 ? url.AbsolutePath : "/")}\n\n{string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n"))}\n{names}\n{Hash(body)}";
        var scope = $"{day}/{region}/{Service}/aws4_request";
        var key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + secret), day), region), Service), "aws4_request");
        var signature = Convert.ToHexStringLower(Mac(key, $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}"));
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        foreach (var (name, value) in headers.Where(header => header.Key.StartsWith("x-amz-", StringComparison.Ordinal)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
        return request;
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
