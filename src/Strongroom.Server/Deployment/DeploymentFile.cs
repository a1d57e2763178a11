using System.Text.Json;

namespace Strongroom.Server.Deployment;

/// <summary>strongroom.json. Read without a lock (it is replaced whole); changed under one, so that two commands lose nothing of each other.</summary>
public static class DeploymentFile
{
    private const long LargestFile = 16 << 20;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>The record, or an empty one if DIR has none yet.</summary>
    public static DeploymentRecord Read(Layout layout)
    {
        if (!File.Exists(layout.DeploymentFile))
        {
            return DeploymentRecord.Empty;
        }

        if (new FileInfo(layout.DeploymentFile).Length > LargestFile)
        {
            throw new RefusalException($"{layout.DeploymentFile} is larger than {LargestFile} bytes; it was not written by strongroom.");
        }

        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllText(layout.DeploymentFile), ServerJson.Default.DeploymentRecord);
            return record switch
            {
                { Clusters: not null, Hsms: not null, Format: DeploymentRecord.CurrentFormat } => record,
                { Format: > DeploymentRecord.CurrentFormat } => throw new RefusalException($"{layout.DeploymentFile} has format {record.Format}; this version knows {DeploymentRecord.CurrentFormat}.", "Use the newer strongroom that wrote it."),
                _ => throw new RefusalException($"{layout.DeploymentFile} is incomplete."),
            };
        }
        catch (JsonException error)
        {
            throw new RefusalException($"{layout.DeploymentFile} can't be read: {error.Message}", inner: error);
        }
    }

    /// <summary>Replaces the record by <paramref name="change"/> of it.</summary>
    public static DeploymentRecord Change(Layout layout, Func<DeploymentRecord, DeploymentRecord> change)
    {
        using var held = Lock(layout.DeploymentFile + ".lock");
        var changed = change(Read(layout));
        PrivateFile.Write(layout.DeploymentFile, JsonSerializer.Serialize(changed, ServerJson.Default.DeploymentRecord) + "\n");
        return changed;
    }

    private static FileStream Lock(string path)
    {
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(50))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && waited < LongestWait)
            {
                Thread.Sleep(50);
            }
            catch (IOException error)
            {
                throw new RefusalException($"{path} could not be locked: {error.Message}", inner: error);
            }
        }
    }
}
