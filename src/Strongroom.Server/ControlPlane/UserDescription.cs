namespace Strongroom.Server.ControlPlane;

/// <summary>A user as <c>cluster list-users</c> shows it.</summary>
/// <param name="Name">user name</param>
/// <param name="Role">admin, crypto-user …, as cloudhsm-cli names it</param>
/// <param name="Locked">after five wrong passwords</param>
public sealed record UserDescription(string Name, string Role, bool Locked);
