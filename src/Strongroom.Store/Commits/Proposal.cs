namespace Strongroom.Store.Commits;

/// <summary>Makes proposals.</summary>
public static class Proposal
{
    /// <summary>These records, all or none. At most <see cref="Committer.ChangesPerProposal"/> of them.</summary>
    public static Proposal<T> Write<T>(T value, params IReadOnlyList<Change> changes) => new(value, changes);

    /// <summary>Nothing is written; the caller gets the value at once.</summary>
    public static Proposal<T> Refuse<T>(T value) => new(value, []);
}
