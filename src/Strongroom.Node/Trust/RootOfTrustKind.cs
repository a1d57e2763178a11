namespace Strongroom.Node.Trust;

/// <summary>What unseals an HSM when it starts.</summary>
public enum RootOfTrustKind
{
    /// <summary>A key in a file beside what it seals: for development. Whoever copies the directory has everything.</summary>
    File,

    /// <summary>A passphrase, typed at every start.</summary>
    Passphrase,
}
