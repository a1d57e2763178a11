namespace Strongroom.Store;

/// <summary>How a transaction ended, and where.</summary>
/// <param name="Revision">The commit's revision if <see cref="CommitStatus.Committed"/>.</param>
public readonly record struct CommitOutcome(CommitStatus Status, Revision Revision)
{
    public static CommitOutcome Conflict => new(CommitStatus.Conflict, Revision.None);

    public static CommitOutcome Unknown => new(CommitStatus.Unknown, Revision.None);

    public static CommitOutcome Committed(Revision revision) => new(CommitStatus.Committed, revision);
}
