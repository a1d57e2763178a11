namespace Strongroom.Hsm;

/// <summary>What anyone may know of the cluster.</summary>
/// <param name="Cluster">Cluster id.</param>
/// <param name="Hsm">HSM id.</param>
/// <param name="Active">Whether the first admin has set its password.</param>
/// <param name="Mode">Fixed at birth.</param>
/// <param name="FipsProvider">Whether a FIPS provider is loaded and its self-test ran.</param>
public sealed record ClusterInfo(string Cluster, string Hsm, bool Active, ClusterMode Mode, bool FipsProvider);
