namespace Strongroom.Hsm;

/// <summary>A CA whose clients the cluster knows.</summary>
/// <param name="Reference">Its number in the cluster, from 1.</param>
/// <param name="Certificates">PEM: issuing CA first, root last.</param>
public sealed record TrustAnchor(int Reference, string Certificates);
