using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Strongroom.Server.Clusters;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Deployment;
using Strongroom.Server.Terminal;

namespace Strongroom.Server.Backups;

/// <summary><c>strongroom backup</c>: one sealed file, of use only to whoever holds the root of trust of the HSM that made it.</summary>
internal static class BackupCommand
{
    private static readonly Option<string?> OutFile = new("--out") { Description = "file to write; DIR/backups/CLUSTER-TIME.backup if not given", HelpName = "FILE" };

    public static Command Create() => CommandLineOptions.Command(
        "backup",
        "Back up a cluster while it serves: users, keys and certificates in one file, sealed under the HSM's root of trust and verified by reading it back.",
        "strongroom backup --out /media/vault/cluster.backup",
        RunAsync,
        CommandLineOptions.Directory,
        ClusterCommand.Cluster,
        OutFile,
        CommandLineOptions.Json);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var layout = parsed.Layout();
        var clusters = new ClusterControl(layout);
        var cluster = clusters.Find(parsed.GetValue(ClusterCommand.Cluster));
        var file = parsed.GetValue(OutFile) is { } given ? Path.GetFullPath(given) : Usual(layout, cluster);
        if (parsed.GetValue(CommandLineOptions.Json))
        {
            Screen.Line(JsonSerializer.Serialize(await clusters.BackupAsync(cluster, file, null, cancel).ConfigureAwait(false), ServerJson.Default.BackupDescription));
            return 0;
        }

        var made = await Screen.ProgressAsync(
            "backing up",
            report => clusters.BackupAsync(cluster, file, report, cancel),
            backup => string.Create(CultureInfo.InvariantCulture, $"{backup.File}: {backup.Records} records up to epoch {backup.Epoch}, sequence {backup.Sequence}, {backup.Bytes / 1024} KiB, verified")).ConfigureAwait(false);
        if (clusters.Hsms(cluster).Any(hsm => hsm.RootOfTrust == "file"))
        {
            Screen.Warning($"Only the HSM's root.key opens it: keep a copy of that file elsewhere, apart from backups ({Path.Combine(layout.Hsms, clusters.Hsms(cluster)[0].Hsm, "root.key")}).");
        }

        Screen.Line("To bring it back on another machine:");
        Screen.Command($"strongroom restore --backup {ShellEnvironment.Quote(made.File)}");
        return 0;
    }

    private static string Usual(Layout layout, ClusterRecord cluster)
    {
        Directory.CreateDirectory(layout.Backups, PrivateFile.OwnerOnlyDirectory);
        return Path.Combine(layout.Backups, string.Create(CultureInfo.InvariantCulture, $"{cluster.Cluster}-{TimeProvider.System.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}.backup"));
    }
}
