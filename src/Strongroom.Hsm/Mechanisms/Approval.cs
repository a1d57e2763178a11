namespace Strongroom.Hsm.Mechanisms;

/// <summary>What a cluster in FIPS mode may do with a mechanism (SP 800-131A, SP 800-140C).</summary>
public enum Approval
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Only what undoes: verify, decrypt, unwrap; and digests.</summary>
    Legacy,

    /// <summary>Everything.</summary>
    Full,
}
