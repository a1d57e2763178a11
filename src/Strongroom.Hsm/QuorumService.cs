namespace Strongroom.Hsm;

/// <summary>What approvals are for; the numbers are the wire's.</summary>
public enum QuorumService
{
    None = 0,

    /// <summary>Changes to users, by admins.</summary>
    User = 1,

    /// <summary>Changes to the numbers of approvals themselves, by admins.</summary>
    Quorum = 2,

    /// <summary>Settings of the whole cluster, by admins.</summary>
    Cluster = 3,

    /// <summary>Using one key; for each key that asks for it.</summary>
    KeyUsage = 4,

    /// <summary>Managing one key (wrap, unwrap, share, unshare, set attributes); for each key that asks for it.</summary>
    KeyManagement = 5,
}
