using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>
/// A disk under a deployment's store and state directories that keeps only what was fsynced (tests/faults/unsynced.c). What it kept lies in a second tree, which takes the place of the first when power is lost.
/// </summary>
internal sealed class ForgetfulDisk : IDisposable
{
    private readonly SavedDeployment _deployment;
    private readonly string _folder = Directory.CreateTempSubdirectory("sr-e2e-disk-").FullName;

    /// <param name="deployment">stopped</param>
    /// <param name="forgottenSyncs">files whose fsync does nothing, by the ends of their paths, as if the HSM had left it out</param>
    public ForgetfulDisk(SavedDeployment deployment, params string[] forgottenSyncs)
    {
        _deployment = deployment;
        Program = HostProgram.Build(
            Path.Combine(_folder, "host"),
            "unsynced.c",
            deployment,
            ("UNSYNCED_ROOT", deployment.Dir),
            ("UNSYNCED_SHADOW", Shadow),
            ("UNSYNCED_IGNORE", string.Join(':', forgottenSyncs)));
        SavedDeployment.Copy(deployment.Dir, Shadow);
    }

    /// <summary>What runs an HSM on this disk.</summary>
    public string[] Program { get; }

    private string Shadow => Path.Combine(_folder, "shadow");

    /// <summary>Puts what the disk has kept in the place of what was written. The HSM was killed before.</summary>
    public void LosePower() => SavedDeployment.Copy(Shadow, _deployment.Dir);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
