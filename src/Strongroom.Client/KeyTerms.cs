using Strongroom.Wire;

namespace Strongroom.Client;

/// <summary>What a new secret or private key is bound to from its beginning, beside its attributes.</summary>
/// <param name="ShareWith">names of crypto-users who may use it at once</param>
/// <param name="ManageQuorum">approvals that managing it will take: 0, or 2 to 8</param>
/// <param name="UseQuorum">approvals that using it will take: 0, or 2 to 8</param>
public sealed record KeyTerms(IReadOnlyList<string> ShareWith, ulong ManageQuorum = 0, ulong UseQuorum = 0)
{
    /// <summary>The owner's alone, without approvals.</summary>
    public static KeyTerms None { get; } = new([]);

    internal WireKeyUser[]? Users => ShareWith.Count == 0 ? null : [.. ShareWith.Select(name => new WireKeyUser(name))];
}
