namespace Strongroom.Store;

/// <summary>What a watch has to tell.</summary>
/// <param name="Changes">In the order of their commits; the changes of one commit stand together and are never divided between two results. Null if they were compacted: read everything anew.</param>
/// <param name="UpTo">Everything of the watched prefix up to this revision has now been told.</param>
public sealed record WatchResult(IReadOnlyList<StoreChange>? Changes, Revision UpTo);
