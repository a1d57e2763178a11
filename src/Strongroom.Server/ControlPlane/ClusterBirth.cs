namespace Strongroom.Server.ControlPlane;

/// <summary>A cluster just born.</summary>
/// <param name="Cluster">cluster id</param>
/// <param name="Hsm">its first HSM</param>
/// <param name="ActivationCode">sets the first admin's password; shown this once</param>
public sealed record ClusterBirth(string Cluster, string Hsm, string ActivationCode);
