using System.Net;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Strongroom.Node.State;

/// <summary>How events leave for another machine.</summary>
internal enum ForwardKind
{
    /// <summary>RFC 5424 messages over TLS, RFC 5425.</summary>
    Syslog,

    /// <summary>OpenTelemetry logs: OTLP/HTTP with JSON.</summary>
    Otlp,
}

/// <summary>A receiver of the audit log: one of "audit.forward" in hsm.json.</summary>
internal sealed partial record ForwardSettings
{
    /// <summary>Its name in metrics and files.</summary>
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("kind")]
    public ForwardKind Kind { get; init; }

    /// <summary>syslog: host:port. otlp: an https URL, mostly ending in /v1/logs.</summary>
    [JsonPropertyName("to")]
    public string To { get; init; } = "";

    /// <summary>PEM file with the CA of the receiver's certificate; null: the host's own.</summary>
    [JsonPropertyName("ca")]
    public string? Ca { get; init; }

    /// <summary>syslog: the receiver's name, as its certificate must have it, and port.</summary>
    [JsonIgnore]
    public DnsEndPoint EndPoint => new(To[..To.LastIndexOf(':')].Trim('[', ']'), int.Parse(To.AsSpan(To.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Why this can't be; null if it can.</summary>
    public string? Check() => this switch
    {
        { Name: null } or { To: null } => "audit.forward: a field is missing",
        _ when !ReceiverName().IsMatch(Name) => "audit.forward.name is 1 to 32 of a-z, 0-9 and -",
        _ when !Enum.IsDefined(Kind) => "audit.forward.kind is syslog or otlp",
        { Kind: ForwardKind.Syslog } when !HostAndPort().IsMatch(To) => $"audit.forward.to: {To} is not HOST:PORT",
        { Kind: ForwardKind.Otlp } when !Uri.TryCreate(To, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps => $"audit.forward.to: {To} is not an https URL",
        { Ca: { } ca } when !File.Exists(ca) => $"audit.forward.ca: there is no file {ca}",
        _ => null,
    };

    [GeneratedRegex("^[a-z0-9-]{1,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex ReceiverName();

    [GeneratedRegex(@"^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$", RegexOptions.CultureInvariant)]
    private static partial Regex HostAndPort();
}
