namespace Strongroom.Hsm;

/// <summary>Whose a key is, and how many approvals it takes.</summary>
/// <param name="Owner">The crypto-user that made it.</param>
/// <param name="SharedWith">Crypto-users that may use it, by name.</param>
/// <param name="ManageQuorum">Approvals that managing it takes; 0: none.</param>
/// <param name="UseQuorum">Approvals that using it takes; 0: none.</param>
public sealed record KeyInfo(string Owner, IReadOnlyList<string> SharedWith, int ManageQuorum, int UseQuorum);
