namespace Strongroom.Store.Commits;

/// <summary>How a change ended.</summary>
public enum ChangeStatus
{
    /// <summary>Durable, and remembered by the anchor.</summary>
    Committed,

    /// <summary>The change itself proposed nothing.</summary>
    Refused,

    /// <summary>The store gave no answer, and its history was compacted before the commit could be looked for. The change may have happened.</summary>
    Unknown,
}
