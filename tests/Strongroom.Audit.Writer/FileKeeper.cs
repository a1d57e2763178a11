using Strongroom.Audit;
using Strongroom.Hsm.Audit;

namespace Strongroom.Audit.Writer;

/// <summary>Keeps heads in a file beside the log, where a cluster's store would: on a disk of its own, always fsynced.</summary>
public sealed class FileKeeper(string path) : IAuditHeadKeeper
{
    public AuditHead? Newest => File.Exists(path) ? AuditHead.FromJson(File.ReadAllText(path)) : null;

    public Task KeepAsync(AuditHead head, CancellationToken cancel)
    {
        using (var file = new FileStream(path + ".tmp", FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(head.ToJson()));
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".tmp", path, overwrite: true);
        return Task.CompletedTask;
    }
}
