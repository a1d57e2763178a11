using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>The newest head that has been verified and applied. Immutable, so that any thread can read the current one.</summary>
internal sealed record VerifiedHead(Head Head, HeadHash Hash, Revision Modified)
{
    public HeadPosition Position => Head.Position;
}
