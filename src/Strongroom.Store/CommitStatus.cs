namespace Strongroom.Store;

/// <summary>How a transaction ended.</summary>
public enum CommitStatus
{
    /// <summary>Durable: fsynced, or in etcd's quorum.</summary>
    Committed,

    /// <summary>A compare did not hold; nothing was written.</summary>
    Conflict,

    /// <summary>Sent, but no answer came: it may have happened, or may still happen until a compared record is written by somebody else.</summary>
    Unknown,
}
