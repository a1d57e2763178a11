using Strongroom.Server.ControlPlane;

namespace Strongroom.Server.Deployment;

/// <summary>Where everything of one deployment (DIR) lies. All paths are absolute.</summary>
public sealed class Layout
{
    // sockaddr_un has 108 bytes, one of them for the terminating zero.
    private const int LongestSocketPath = 107;

    /// <summary>Resolves <paramref name="directory"/>; nothing is created. Refuses a path under which a Unix socket would not fit.</summary>
    public Layout(string directory)
    {
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var longest = System.Text.Encoding.UTF8.GetByteCount(Path.Combine(Hsms, "hsm-12345678901", "control.sock"));
        if (longest > LongestSocketPath)
        {
            throw new RefusalException($"The directory {Root} has too long a path: a Unix socket's path is at most {LongestSocketPath} bytes, the HSM's would have {longest}.", "Choose a shorter --dir.");
        }
    }

    public string Root { get; }

    public string EnvironmentFile => Path.Combine(Root, "env");

    public string DeploymentFile => Path.Combine(Root, "strongroom.json");

    public string PidFile => Path.Combine(Root, "supervisor.pid");

    public string SupervisorLog => Path.Combine(Root, "supervisor.log");

    public string SupervisorSocket => Path.Combine(Root, "supervisor.sock");

    public string Programs => Path.Combine(Root, "bin");

    public string Ceremony => Path.Combine(Root, "ceremony");

    public string Customer => Path.Combine(Root, "customer");

    public string Client => Path.Combine(Root, "client");

    public string Clusters => Path.Combine(Root, "clusters");

    public string Backups => Path.Combine(Root, "backups");

    public string Hsms => Path.Combine(Root, "hsms");

    public string Cluster(ClusterId cluster) => Path.Combine(Clusters, cluster.Value);

    public string Store(ClusterId cluster) => Path.Combine(Cluster(cluster), "store.db");

    public string Hsm(HsmId hsm) => Path.Combine(Hsms, hsm.Value);

    public string HsmLog(HsmId hsm) => Path.Combine(Hsm(hsm), "hsm.log");

    public string ControlSocket(HsmId hsm) => Path.Combine(Hsm(hsm), "control.sock");

    /// <summary>Creates DIR and its private folders. Applications of other users may read DIR/client; everything else is the owner's.</summary>
    public void Create()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Client, PrivateFile.OwnerOnlyDirectory | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(Programs);
        foreach (var folder in (string[])[Ceremony, Customer, Clusters, Hsms])
        {
            Directory.CreateDirectory(folder, PrivateFile.OwnerOnlyDirectory);
        }
    }
}
