using System.Text.Json;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;
using Strongroom.Cli.Terminal;

namespace Strongroom.Cli.Configuration;

/// <summary>A component's configuration while a configure tool changes it; in CloudHSM's own form, with the cluster's key pinned. What the tool does not know stays.</summary>
internal sealed class ConfigurationFile
{
    private const int MaxSize = 1 << 20;

    private readonly string _path;
    private readonly JsonObject _document;

    private ConfigurationFile(string path, JsonObject document, bool isNew) => (_path, _document, IsNew) = (path, document, isNew);

    /// <summary>Whether there was no file.</summary>
    public bool IsNew { get; }

    /// <summary>The clusters, each the object with cluster_id.</summary>
    public IReadOnlyList<JsonObject> Clusters => [.. Entries.OfType<JsonObject>().Select(Inner)];

    private JsonArray Entries => (JsonArray)_document["clusters"]!;

    /// <exception cref="CommandRefusedException">There is a file, but it is no configuration.</exception>
    public static ConfigurationFile Open(string path)
    {
        if (!File.Exists(path))
        {
            return new ConfigurationFile(path, new JsonObject { ["clusters"] = new JsonArray() }, isNew: true);
        }

        try
        {
            return new FileInfo(path).Length <= MaxSize && JsonNode.Parse(File.ReadAllText(path)) is JsonObject document && document["clusters"] is JsonArray
                ? new ConfigurationFile(path, document, isNew: false)
                : throw new CommandRefusedException($"{path} is there already and is no configuration (it has no \"clusters\"); nothing was changed");
        }
        catch (JsonException e)
        {
            throw new CommandRefusedException($"{path} is there already and is no configuration: {e.Message}; nothing was changed", e);
        }
    }

    public JsonObject? Find(string clusterId) => Clusters.FirstOrDefault(cluster => (string?)cluster["cluster_id"] == clusterId);

    /// <summary>A new cluster's object, which is part of the file from now on.</summary>
    public JsonObject Add(string clusterId)
    {
        var cluster = new JsonObject { ["cluster_id"] = clusterId };
        Entries.Add((JsonNode)new JsonObject { ["type"] = "hsm1", ["cluster"] = cluster });
        return cluster;
    }

    /// <summary>Whether there was such a cluster.</summary>
    public bool Remove(string clusterId) => Entries.OfType<JsonObject>().FirstOrDefault(entry => (string?)Inner(entry)["cluster_id"] == clusterId) is { } found && Entries.Remove(found);

    /// <summary>Settings of the log.</summary>
    public JsonObject Logging(string usualType, string usualLog)
    {
        if (_document["logging"] is JsonObject logging)
        {
            return logging;
        }

        _document["logging"] = logging = new JsonObject { ["log_type"] = usualType, ["log_file"] = usualLog, ["log_level"] = "info", ["log_interval"] = "daily" };
        return logging;
    }

    /// <summary>Writes the file. A reader sees the old file or the new one, never half of it.</summary>
    public async Task SaveAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var temporary = $"{_path}.{Environment.ProcessId}";
        await File.WriteAllTextAsync(temporary, Envelope.Text(_document) + "\n", cancel).ConfigureAwait(false);
        File.Move(temporary, _path, overwrite: true);
    }

    private static JsonObject Inner(JsonObject entry) => entry["cluster"] as JsonObject ?? entry;
}
