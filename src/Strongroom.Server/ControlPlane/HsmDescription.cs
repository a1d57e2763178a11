namespace Strongroom.Server.ControlPlane;

/// <summary>An HSM as <c>cluster describe</c> shows it.</summary>
/// <param name="Hsm">HSM id</param>
/// <param name="State">ACTIVE or DEGRADED, as the CloudHSM v2 API names it</param>
/// <param name="Cause">why it is not ACTIVE; else empty</param>
/// <param name="Address">where it serves applications</param>
/// <param name="Zone">availability zone</param>
public sealed record HsmDescription(string Hsm, string State, string Cause, string Address, string Zone);
