namespace Strongroom.Server.ControlPlane;

/// <summary>A cluster as <c>cluster describe</c> shows it.</summary>
/// <param name="Cluster">cluster id</param>
/// <param name="State">UNINITIALIZED, INITIALIZED, ACTIVE …, as the CloudHSM v2 API names it</param>
/// <param name="Mode">FIPS or NON_FIPS</param>
/// <param name="Created">when, UTC</param>
/// <param name="Hsms">its HSMs</param>
public sealed record ClusterDescription(string Cluster, string State, string Mode, DateTimeOffset Created, HsmDescription[] Hsms);
