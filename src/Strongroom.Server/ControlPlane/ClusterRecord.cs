namespace Strongroom.Server.ControlPlane;

/// <summary>One cluster, as strongroom.json names it. Its state is not kept here: the HSMs know it.</summary>
/// <param name="Cluster">cluster id</param>
/// <param name="Mode">FIPS or NON_FIPS, fixed at creation</param>
/// <param name="Created">when, UTC</param>
public sealed record ClusterRecord(string Cluster, string Mode, DateTimeOffset Created);
