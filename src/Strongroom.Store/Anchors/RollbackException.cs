using Strongroom.Store.Heads;

namespace Strongroom.Store.Anchors;

/// <summary>The store is older than what this HSM remembers, or is another history of the same cluster.</summary>
public sealed class RollbackException : StoreException
{
    public RollbackException(HeadPosition anchor, HeadPosition store, string found)
        : base($"The store was rolled back: this HSM's anchor stands at {anchor}, the store at {store}; {found}.") =>
        (Anchor, Store) = (anchor, store);

    /// <summary>A store that is whole in itself: an admin may accept it.</summary>
    public RollbackException(Acceptance acceptable, string found)
        : base(acceptable.IsOfBackup
            ? $"The store was restored from a backup that ends at {acceptable.Head}; what was acknowledged after that is not in it. It is served once an admin has accepted it."
            : $"The store was rolled back: this HSM's anchor stands at {acceptable.Anchor}, the store at {acceptable.Head}; {found}.") =>
        (Anchor, Store, Acceptable) = (acceptable.Anchor, acceptable.Head, acceptable);

    /// <summary>What this HSM remembers.</summary>
    public HeadPosition Anchor { get; }

    /// <summary>What the store holds.</summary>
    public HeadPosition Store { get; }

    /// <summary>What an admin would have to decide; null where the store changed under a running HSM.</summary>
    public Acceptance? Acceptable { get; }
}
