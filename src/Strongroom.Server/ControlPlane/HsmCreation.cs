using System.Diagnostics;
using Strongroom.Server.Deployment;
using Strongroom.Server.Supervision;

namespace Strongroom.Server.ControlPlane;

/// <summary>Makes the state directory of a new HSM, by the HSM's own program.</summary>
internal static class HsmCreation
{
    /// <summary>
    /// Runs <c>strongroom-hsm create</c>. A passphrase goes from the terminal, or from our standard input, straight to that process: we hand down the
    /// descriptor and never read it.
    /// </summary>
    public static async Task<HsmRecord> RunAsync(Layout layout, ClusterId cluster, string rootOfTrust, string zone, CancellationToken cancel)
    {
        var hsm = HsmId.New();
        var taken = DeploymentFile.Read(layout).Hsms.Select(known => known.Address).ToHashSet();
        var record = new HsmRecord(hsm.Value, cluster.Value, HsmAddress.Choose(taken).ToString(), rootOfTrust, zone);
        List<string> arguments = ["create", "--state", layout.Hsm(hsm), "--hsm", record.Hsm, "--address", record.Address, "--store", layout.Store(cluster), "--root-of-trust", rootOfTrust];
        if (rootOfTrust == "passphrase" && Console.IsInputRedirected)
        {
            arguments.Add("--passphrase-stdin");
        }

        var start = new ProcessStartInfo(InstalledPrograms.Hsm, arguments) { RedirectStandardOutput = true };
        start.Environment.Clear();
        foreach (var (name, value) in HsmLauncher.CleanEnvironment())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new RefusalException($"{InstalledPrograms.Hsm} could not be started.");
        var said = await process.StandardOutput.ReadToEndAsync(cancel).ConfigureAwait(false);
        await process.WaitForExitAsync(cancel).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new RefusalException($"The HSM's state could not be made in {layout.Hsm(hsm)} (exit code {process.ExitCode}). {said}".TrimEnd());
        }

        DeploymentFile.Change(layout, deployment => deployment with { Hsms = [.. deployment.Hsms, record] });
        return record;
    }
}
