namespace Strongroom.Node.Tampering;

/// <summary>What is done to a file.</summary>
public enum FileChange
{
    Removed,
    Cut,
    OneBit,

    /// <summary>For yesterday's, by renaming.</summary>
    Exchanged,

    /// <summary>By yesterday's bytes.</summary>
    Overwritten,
}
