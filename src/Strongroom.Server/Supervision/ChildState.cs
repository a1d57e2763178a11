namespace Strongroom.Server.Supervision;

/// <summary>What the supervisor does with a program.</summary>
public enum ChildState
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It died and waits for its next start.</summary>
    Waiting,

    /// <summary>It was told to end and has ended.</summary>
    Stopped,
}
