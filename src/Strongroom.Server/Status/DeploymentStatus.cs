namespace Strongroom.Server.Status;

/// <summary>What <c>strongroom status --json</c> prints.</summary>
/// <param name="Directory">DIR</param>
/// <param name="SupervisorPid">0 if none runs</param>
/// <param name="Hsms">in the order of strongroom.json</param>
public sealed record DeploymentStatus(string Directory, int SupervisorPid, HsmStatus[] Hsms)
{
    /// <summary>Whether every HSM can be used by applications.</summary>
    public bool IsServing => Hsms.Length > 0 && Hsms.All(hsm => hsm.IsServing);
}
