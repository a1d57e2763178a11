using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>A change that waits for its commit. All but <see cref="Refuse"/> is called by the committer's thread.</summary>
internal abstract class PendingChange
{
    /// <summary>What it wrote when it was judged last; empty if it refused.</summary>
    public IReadOnlyList<Change> Changes { get; protected set; } = [];

    /// <summary>Whether its caller has been answered.</summary>
    public abstract bool Answered { get; }

    /// <summary>Ends it if its caller has cancelled it.</summary>
    /// <returns>Whether it ended so.</returns>
    public abstract bool Withdraw();

    /// <summary>Runs the caller's function on the current state.</summary>
    public abstract void Judge(ISealedView view);

    public abstract void Answer(ChangeStatus status, HeadPosition position);

    public abstract void Refuse(Exception cause);
}
