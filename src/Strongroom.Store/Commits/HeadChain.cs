using Strongroom.Store.Anchors;
using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>
/// Is the store's head a successor of the anchor's? The history holds the heads of the near past: they must follow one another, and the one at the anchor's position must be the anchor's.
/// Where the history is too short for that, a store that is ahead is believed, because only holders of the cluster key could have made its head.
/// </summary>
internal static class HeadChain
{
    /// <exception cref="RollbackException">The store has another history than this HSM remembers.</exception>
    /// <exception cref="StoreDamagedException">The heads of the history do not follow one another.</exception>
    public static async Task CheckAsync(IStore store, RecordVault vault, Anchor anchor, FullScan.Result scan, CancellationToken cancel)
    {
        if (anchor.Position == default || anchor.Position == scan.Head.Position)
        {
            return;
        }
        await using var watch = store.Watch(Head.Path, scan.Compacted);
        VerifiedHead? last = null;
        while (await watch.CatchUpAsync(cancel).ConfigureAwait(false) is { Changes: { Count: > 0 } changes })
        {
            foreach (var change in changes.Where(change => change.Path == Head.Path && change.Revision <= scan.At))
            {
                var head = vault.OpenHead(change.Value ?? throw new StoreDamagedException("the head", $"revision {change.Revision} of the history deleted it"), change.Revision);
                if (last is not null && head.Head.Previous != last.Hash)
                {
                    throw new StoreDamagedException("the head", $"in the history, the one at {head.Position} does not follow the one at {last.Position}");
                }
                if (anchor.HashAt(head.Position) is { } remembered && remembered != head.Hash)
                {
                    throw new RollbackException(anchor.Ask(scan.Head.Position, scan.Head.Hash), "the history's head at the anchor's position is another one than this HSM remembers");
                }
                last = head;
            }
        }
        if (last is not null && last.Hash != scan.Head.Hash)
        {
            throw new StoreDamagedException("the head", $"the history ends with the head at {last.Position}, but the store's head stands at {scan.Head.Position}");
        }
    }
}
