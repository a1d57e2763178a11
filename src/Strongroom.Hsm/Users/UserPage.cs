namespace Strongroom.Hsm;

/// <summary>Some users, by name.</summary>
/// <param name="Users">At most 256.</param>
/// <param name="More">Whether another page follows.</param>
public sealed record UserPage(IReadOnlyList<UserSummary> Users, bool More);
