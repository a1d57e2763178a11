using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>How a change ended, and what its proposal gave.</summary>
/// <param name="Value">What the proposal gave.</param>
/// <param name="Position">The head after the commit; for a refusal, the head that the change was judged by.</param>
public readonly record struct CommitResult<T>(ChangeStatus Status, T Value, HeadPosition Position);
