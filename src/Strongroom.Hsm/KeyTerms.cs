namespace Strongroom.Hsm;

/// <summary>What a new secret or private key is bound to from its beginning, beside its attributes.</summary>
/// <param name="ShareWith">Names of crypto-users who may use it at once.</param>
/// <param name="ManageQuorum">Approvals that managing it will take: 0, or 2 to 8. Fixed for the key's life.</param>
/// <param name="UseQuorum">Approvals that using it will take: 0, or 2 to 8. Fixed for the key's life.</param>
public sealed record KeyTerms(IReadOnlyList<string> ShareWith, int ManageQuorum = 0, int UseQuorum = 0)
{
    /// <summary>The owner's alone, without approvals.</summary>
    public static KeyTerms None { get; } = new([]);
}
