using System.CommandLine;
using System.Diagnostics;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Deployment;
using Strongroom.Server.Supervision;
using Strongroom.Server.Terminal;

namespace Strongroom.Server.Backups;

/// <summary><c>strongroom restore</c>: a new HSM takes a cluster's backup. What opens the backup goes straight to the HSM, never through this program.</summary>
internal static class RestoreCommand
{
    private static readonly Option<string> Backup = new("--backup") { Description = "the backup", HelpName = "FILE", Required = true };
    private static readonly Option<string?> RootKey = new("--root-key") { Description = "copy of the lost HSM's root.key, if its root of trust was a file", HelpName = "FILE" };
    private static readonly Option<string> RootOfTrust = new Option<string>("--root-of-trust") { Description = "what unseals the new HSM when it starts: file (development) or passphrase", HelpName = "file|passphrase", DefaultValueFactory = _ => "file" }.AcceptOnlyFromAmong("file", "passphrase");
    private static readonly Option<string> Zone = new("--zone") { Description = "availability zone of the new HSM", HelpName = "ZONE", DefaultValueFactory = _ => "a" };
    private static readonly Option<string?> Ceremony = new("--ceremony") { Description = "folder of the two roots; DIR/ceremony if not given", HelpName = "FOLDER" };
    private static readonly Option<string?> CeremonyPassphrase = new("--ceremony-passphrase-file") { Description = "file whose first line opens the roots' keys", HelpName = "FILE" };

    public static Command Create() => CommandLineOptions.Command(
        "restore",
        "Restore a cluster from a backup into a new HSM. The backup's passphrase is asked for by the HSM's own program, or read from a pipe. Repeat the command to go on after a break.",
        "strongroom restore --dir /srv/strongroom --backup /media/vault/cluster.backup --root-of-trust passphrase --ceremony /media/vault/roots",
        RunAsync,
        CommandLineOptions.Directory,
        Backup,
        RootKey,
        RootOfTrust,
        Zone,
        Ceremony,
        CeremonyPassphrase);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var layout = parsed.Layout();
        var path = Path.GetFullPath(parsed.GetValue(Backup)!);
        var backup = BackupFile.Read(path);
        var ceremony = Path.GetFullPath(parsed.GetValue(Ceremony) ?? layout.Ceremony);
        if (!new Ceremony.CeremonyRoots(ceremony).Exist)
        {
            throw new RefusalException($"There are no roots in {ceremony} to certify the new HSM with.", $"strongroom ceremony create --out {ShellEnvironment.Quote(ceremony)}");
        }

        if (backup.RootOfTrust == "file" && parsed.GetValue(RootKey) is null)
        {
            throw new RefusalException($"{path} was made by {backup.Hsm}, whose root of trust is a file.", "Give a copy of its root.key with --root-key.");
        }

        var clusters = new ClusterControl(layout);
        var cluster = clusters.Adopt(backup.Cluster, backup.Mode);
        var steps = new BirthSteps(layout);
        var hsm = await steps.HsmAsync(cluster, parsed.GetValue(RootOfTrust)!, parsed.GetValue(Zone)!, cancel).ConfigureAwait(false);
        var state = await steps.StartAsync(hsm, cancel).ConfigureAwait(false);
        if (state == "sealed")
        {
            throw new RefusalException(
                $"{hsm.Hsm} is made and waits, sealed, for its own passphrase.",
                $"strongroom-hsm unseal --state {ShellEnvironment.Quote(layout.Hsm(HsmId.Parse(hsm.Hsm)))}\nthen the same command again");
        }

        if (state != "blank")
        {
            throw new RefusalException($"{hsm.Hsm} of {cluster.Cluster} is {state} in {layout.Root} already; a backup is restored into a new HSM.", "Choose another --dir, or move the old one away.");
        }

        var passphrase = parsed.GetValue(CeremonyPassphrase) is { } file ? SecretInput.Read(file, "") : [];
        await steps.CertifyAsync(hsm, ceremony, passphrase, cancel).ConfigureAwait(false);
        await TakeAsync(layout, hsm, path, parsed.GetValue(RootKey), cancel).ConfigureAwait(false);
        clusters.KeepTrust(cluster, (await clusters.GetCertificatesAsync(cluster, cancel).ConfigureAwait(false)).TrustAnchor);
        Screen.Done($"{cluster.Cluster} is restored into {hsm.Hsm}, which will serve on {hsm.Address}");
        Screen.Line("It serves once an admin of the cluster has accepted it:");
        Screen.Command($"strongroom store accept --dir {ShellEnvironment.Quote(layout.Root)} --cluster {cluster.Cluster}");
        Screen.Line("Applications go on with their keys and passwords; only the HSM's address in their configuration changes.");
        return 0;
    }

    // The HSM's own program asks for the passphrase: we hand down terminal and standard input and never read them.
    private static async Task TakeAsync(Layout layout, HsmRecord hsm, string backup, string? rootKey, CancellationToken cancel)
    {
        List<string> arguments = ["restore", "--state", layout.Hsm(HsmId.Parse(hsm.Hsm)), "--backup", backup];
        if (rootKey is not null)
        {
            arguments.AddRange(["--root-key", Path.GetFullPath(rootKey)]);
        }

        if (Console.IsInputRedirected)
        {
            arguments.Add("--passphrase-stdin");
        }

        var start = new ProcessStartInfo(InstalledPrograms.Hsm, arguments);
        start.Environment.Clear();
        foreach (var (name, value) in HsmLauncher.CleanEnvironment())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new RefusalException($"{InstalledPrograms.Hsm} could not be started.");
        await process.WaitForExitAsync(cancel).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new RefusalException($"{hsm.Hsm} has not taken the backup; the line above says why.", "Repeat the command when that is mended.");
        }
    }
}
