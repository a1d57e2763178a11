using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>
/// What a change sees. It is judged when all commits up to <see cref="Position"/> have been applied to the consumer, on the thread that applies them, so it may read the consumer's own state.
/// Several changes are judged for one commit: a change that writes, or asks here for, a path that an earlier one of them writes is judged again after that commit. So a change must ask here for every record that it relies on without writing it.
/// </summary>
public interface ISealedView
{
    HeadPosition Position { get; }

    /// <summary>The sequence of the commit that last wrote a record; null if there is none. Asking makes the change depend on the record.</summary>
    ulong? Version(string path);
}
