namespace Strongroom.Server.ControlPlane;

/// <summary>One HSM of this machine, as strongroom.json names it.</summary>
/// <param name="Hsm">HSM id</param>
/// <param name="Cluster">the cluster it was made for</param>
/// <param name="Address">IPv4 loopback address it serves on</param>
/// <param name="RootOfTrust">file or passphrase</param>
/// <param name="Zone">availability zone</param>
public sealed record HsmRecord(string Hsm, string Cluster, string Address, string RootOfTrust, string Zone);
