using Strongroom.Server.ControlPlane;

namespace Strongroom.Server.Deployment;

/// <summary>What strongroom.json holds: the clusters of DIR and the HSMs that <c>up</c> runs.</summary>
public sealed record DeploymentRecord(int Format, ClusterRecord[] Clusters, HsmRecord[] Hsms)
{
    /// <summary>The format that this version writes; a newer one is refused.</summary>
    public const int CurrentFormat = 1;

    public static DeploymentRecord Empty { get; } = new(CurrentFormat, [], []);
}
