namespace Strongroom.Hsm.Sessions;

/// <summary>What a signature on a challenge will prove.</summary>
internal enum ChallengePurpose
{
    None,

    /// <summary>That a user holds the private half of the key that it registers for approvals.</summary>
    QuorumKey,

    /// <summary>The same of the key that it registers for multi-factor logins.</summary>
    MfaKey,

    /// <summary>That whoever logs in holds the user's key.</summary>
    MfaLogin,
}
