using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Strongroom.Node.Trust;

namespace Strongroom.Node.State;

/// <summary>hsm.json: what an HSM is, as its creation fixed it. Nothing in it is secret, and nothing in it is believed that a sealed item says too.</summary>
/// <param name="Hsm">hsm-…</param>
/// <param name="Address">the address on which it serves, port 2223; metrics on 9223</param>
/// <param name="RootOfTrust">what unseals it</param>
/// <param name="Store">the cluster's database</param>
internal sealed partial record HsmFile(
    [property: JsonPropertyName("hsm")] string Hsm,
    [property: JsonPropertyName("address")] string Address,
    [property: JsonPropertyName("rootOfTrust")] RootOfTrustKind RootOfTrust,
    [property: JsonPropertyName("store")] string Store)
{
    private const int LargestFile = 65536;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>How the audit log is kept.</summary>
    [JsonPropertyName("audit")]
    public AuditSettings Audit { get; init; } = new();

    /// <summary>Where applications connect.</summary>
    [JsonIgnore]
    public IPEndPoint DataEndPoint => new(IPAddress.Parse(Address), 2223);

    /// <summary>Where Prometheus reads.</summary>
    [JsonIgnore]
    public IPEndPoint MetricsEndPoint => new(IPAddress.Parse(Address), 9223);

    /// <summary>Reads and checks the file.</summary>
    /// <exception cref="StateException">it is missing or not what <see cref="Write"/> wrote</exception>
    public static HsmFile Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestFile })
            {
                throw new StateException($"{path} has more than {LargestFile} bytes");
            }

            var file = JsonSerializer.Deserialize<HsmFile>(File.ReadAllBytes(path), Json) ?? throw new StateException($"{path} is empty");
            return file.Check() is { } cause ? throw new StateException($"{path}: {cause}") : file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new StateException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Why this can't be an HSM; null if it can.</summary>
    public string? Check() => this switch
    {
        { Hsm: null } or { Address: null } or { Store: null } or { Audit: null } => "a field is missing",
        _ when !HsmName().IsMatch(Hsm) => $"{Hsm} is not an HSM id (hsm- and 11 to 16 of 2-7 and a-z)",
        _ when !IPAddress.TryParse(Address, out _) => $"{Address} is not an IP address",
        { Store.Length: 0 } => "there is no path of a store",
        _ => Audit.Check(),
    };

    /// <summary>Writes the file, durably.</summary>
    public void Write(string path) => DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, Json));

    [GeneratedRegex("^hsm-[2-7a-zA-Z]{11,16}$", RegexOptions.CultureInvariant)]
    private static partial Regex HsmName();
}
