using Strongroom.Store.Heads;

namespace Strongroom.Store.Anchors;

/// <summary>The store is older than what this HSM remembers, or is another history of the same cluster.</summary>
public sealed class RollbackException(HeadPosition anchor, HeadPosition store, string found)
    : StoreException($"The store was rolled back: this HSM's anchor stands at {anchor}, the store at {store}; {found}.")
{
    /// <summary>What this HSM remembers.</summary>
    public HeadPosition Anchor { get; } = anchor;

    /// <summary>What the store holds.</summary>
    public HeadPosition Store { get; } = store;
}
