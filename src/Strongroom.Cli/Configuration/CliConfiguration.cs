using System.Text.Json;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Configuration;

/// <summary>
/// The configured clusters, read from $STRONGROOM_CLI_CONFIG, else from /opt/cloudhsm/etc/cloudhsm-cli.cfg. Both formats are read: CloudHSM's own
/// ({"clusters":[{"type":"hsm1","cluster":{"hsm_ca_file":…,"servers":[…]}}]}, to which configure-cli adds the pin) and that of the PKCS#11 library
/// ({"clusters":[{"cluster_id":…,"ca_file":…,"cluster_key_sha256":…,"hsms":[…]}]}).
/// </summary>
internal sealed class CliConfiguration(string path, IReadOnlyList<ClusterConfiguration> clusters)
{
    public const string Variable = "STRONGROOM_CLI_CONFIG";
    public const string UsualPath = "/opt/cloudhsm/etc/cloudhsm-cli.cfg";
    private const int MaxSize = 1 << 20;
    private const int MaxClusters = 64;
    private const int MaxHsms = 64;

    public IReadOnlyList<ClusterConfiguration> Clusters { get; } = clusters;

    public static CliConfiguration Load(Func<string, string?> environment)
    {
        var path = environment(Variable) is { Length: > 0 } given ? given : UsualPath;
        return Load(path);
    }

    public static CliConfiguration Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new CommandRefusedException($"There is no configuration {path}. Make it with: configure-cli -a ADDRESS --hsm-ca-cert FILE (or name another file in {Variable})");
        }

        if (new FileInfo(path).Length > MaxSize)
        {
            throw new CommandRefusedException($"The configuration {path} is larger than {MaxSize} bytes");
        }

        try
        {
            var clusters = JsonNode.Parse(File.ReadAllText(path))?["clusters"]?.AsArray() ?? throw new JsonException("it has no \"clusters\"");
            return clusters.Count is > 0 and <= MaxClusters
                ? new CliConfiguration(path, [.. clusters.Select(entry => Read(entry ?? throw new JsonException("a cluster is null")))])
                : throw new JsonException($"it has {clusters.Count} clusters; 1 to {MaxClusters} are possible");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CommandRefusedException($"The configuration {path} is not usable: {e.Message}", e);
        }
    }

    /// <summary>The cluster with this id; the only one if null.</summary>
    public ClusterConfiguration Find(string? id)
    {
        if (id is null)
        {
            return Clusters.Count == 1
                ? Clusters[0]
                : throw new CommandRefusedException($"Several clusters are configured; choose one by --cluster-id: {string.Join(", ", Clusters.Select(cluster => cluster.ClusterId))}");
        }

        return Clusters.FirstOrDefault(cluster => cluster.ClusterId == id) ?? throw new CommandRefusedException($"{path} has no cluster {id}");
    }

    private static ClusterConfiguration Read(JsonNode entry)
    {
        var ours = entry["hsms"] is not null;
        var cluster = ours ? entry : entry["cluster"] ?? throw new JsonException("a cluster has neither \"hsms\" nor \"cluster\"");
        var hsms = (ours ? cluster["hsms"] : cluster["servers"])?.AsArray() ?? throw new JsonException("a cluster has no \"servers\"");
        HsmAddress[] addresses = [.. hsms.Where(hsm => (bool?)hsm?["enable"] ?? true).Select(hsm => ReadAddress(hsm ?? throw new JsonException("an HSM is null"), ours ? "address" : "hostname"))];
        return addresses.Length is > 0 and <= MaxHsms
            ? new ClusterConfiguration(Text(cluster, "cluster_id"), Text(cluster, ours ? "ca_file" : "hsm_ca_file"), (string?)cluster["cluster_key_sha256"], addresses) { ClientCertificateFile = (string?)cluster["client_cert_path"], ClientKeyFile = (string?)cluster["client_key_path"] }
            : throw new JsonException($"a cluster has {addresses.Length} HSMs; 1 to {MaxHsms} are possible");
    }

    private static HsmAddress ReadAddress(JsonNode hsm, string name) =>
        new(Text(hsm, name), (int?)hsm["port"] is { } port and > 0 and <= ushort.MaxValue ? port : HsmAddress.UsualPort);

    private static string Text(JsonNode node, string name) => (string?)node[name] ?? throw new JsonException($"\"{name}\" is missing");
}
