namespace Strongroom.Hsm;

/// <summary>One user as anyone may list it.</summary>
/// <param name="Name">Lower case, at most 31 of [a-z0-9_].</param>
/// <param name="Role">The user's role; name and role together are the identity.</param>
/// <param name="Locked">Whether five wrong passwords have locked it.</param>
/// <param name="MultiFactor">Whether a login takes a signature beside the password.</param>
/// <param name="Approves">Whether a key for approvals is registered.</param>
public sealed record UserSummary(string Name, Role Role, bool Locked, bool MultiFactor = false, bool Approves = false);
