using Strongroom.Store.Anchors;
using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>
/// An HSM's verified picture of the store, moved from head to head: by its own commits, by those of others as the watch tells them, by a full scan when the history is too short. The consumer is told each step.
/// All but <see cref="Current"/> and <see cref="ReachAsync"/> is for one thread at a time: the opening one, then the committer's.
/// </summary>
internal sealed class ClusterState(IStore store, RecordVault vault, Anchor anchor, IRecordConsumer consumer)
{
    private RecordIndex _index = new();
    private IStoreWatch? _watch;

    // Written by the one thread; any thread reads. A waiter takes the source first and compares then, so it misses no step.
    private volatile VerifiedHead? _current;
    private volatile TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public VerifiedHead Current => _current ?? throw new InvalidOperationException("The store has not been scanned yet.");

    public RecordIndex Index => _index;

    public IStoreWatch Watch => _watch ?? throw new InvalidOperationException("The store has not been scanned yet.");

    /// <summary>Called for the head of every commit of somebody else, and so for one's own if the store gave no answer to it.</summary>
    public Action<VerifiedHead> Seen { get; set; } = _ => { };

    /// <summary>Called when commits were passed over by a full scan.</summary>
    public Action Skipped { get; set; } = () => { };

    /// <summary>The first scan.</summary>
    /// <param name="accepted">What an admin has decided about a head that is not what the anchor remembers.</param>
    public async Task OpenAsync(Acceptance? accepted, CancellationToken cancel)
    {
        var (early, _) = await FullScan.ReadHeadAsync(store, vault, cancel).ConfigureAwait(false);
        anchor.Check(early.Position, early.Hash, accepted);
        var scan = await new FullScan(store, vault, consumer).RunAsync(_index, consumer.Apply, cancel).ConfigureAwait(false);
        anchor.Check(scan.Head.Position, scan.Head.Hash, accepted);
        if (anchor.Ask(scan.Head.Position, scan.Head.Hash) != accepted)
        {
            await HeadChain.CheckAsync(store, vault, anchor, scan, cancel).ConfigureAwait(false);
        }
        anchor.Advance(scan.Head.Position, scan.Head.Hash);
        _index = scan.Index;
        _watch = store.Watch("", scan.At);
        MoveTo(scan.Head);
    }

    /// <summary>Applies everything that was committed by anyone until now.</summary>
    public async ValueTask CatchUpAsync(CancellationToken cancel)
    {
        while (true)
        {
            var news = await Watch.CatchUpAsync(cancel).ConfigureAwait(false);
            if (news.Changes is null)
            {
                await ScanAgainAsync(cancel).ConfigureAwait(false);
            }
            else if (news.Changes.Count == 0)
            {
                return;
            }
            else
            {
                for (int start = 0, end; start < news.Changes.Count; start = end)
                {
                    var revision = news.Changes[start].Revision;
                    for (end = start + 1; end < news.Changes.Count && news.Changes[end].Revision == revision; end++)
                    {
                    }
                    ApplyForeign(news.Changes.Skip(start).Take(end - start), revision);
                }
            }
        }
    }

    /// <summary>Takes one's own commit, which is durable and anchored.</summary>
    public void ApplyOwn(SealedBatch batch, Revision revision)
    {
        foreach (var record in batch.Records)
        {
            if (record.Change.Content is null)
            {
                _index.Remove(record.Change.Path);
            }
            else
            {
                _index.Put(record.Change.Path, new(revision, record.Change.Version, record.Tag));
            }
        }
        Watch.Advance(revision);
        consumer.Apply([.. batch.Records.Select(record => record.Change)], batch.Head.Position);
        MoveTo(new(batch.Head, batch.HeadHash, revision));
    }

    /// <summary>Waits until a position is reached; never ends on its own otherwise.</summary>
    public async Task ReachAsync(HeadPosition position, CancellationToken cancel)
    {
        while (true)
        {
            var moved = _moved;
            if (Current.Position >= position)
            {
                return;
            }
            await moved.Task.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    // Nothing of a foreign commit is believed: each record must open, the head must follow ours, and its sum must be ours with these changes.
    private void ApplyForeign(IEnumerable<StoreChange> changes, Revision revision)
    {
        VerifiedHead? head = null;
        var applied = new List<RecordChange>();
        foreach (var change in changes)
        {
            if (change.Path == Head.Path)
            {
                head = change.Value is { } sealedHead ? vault.OpenHead(sealedHead, revision) : throw new StoreDamagedException("the head", "it was deleted");
            }
            else if (change.Value is { } value)
            {
                var (opened, tag) = vault.Open(change.Path, value);
                _index.Put(change.Path, new(revision, opened.Version, tag));
                applied.Add(new(change.Path, opened.Version, opened.Content, Preparation.Run(consumer, change.Path, opened.Content)));
            }
            else
            {
                _index.Remove(change.Path);
                applied.Add(new(change.Path, 0, null, null));
            }
        }
        CheckStep(head ?? throw new StoreDamagedException("the store", $"its revision {revision} changed records without the head"));
        consumer.Apply(applied, head.Position);
        MoveTo(head);
        Seen(head);
    }

    private void CheckStep(VerifiedHead next)
    {
        var current = Current;
        if (next.Position.Sequence != current.Position.Sequence + 1 || next.Position.Epoch < current.Position.Epoch || next.Head.Previous != current.Hash)
        {
            throw next.Position > current.Position
                ? new StoreDamagedException("the head", $"the one at {next.Position} does not follow the one at {current.Position}")
                : new RollbackException(current.Position, next.Position, "an older head was written over a newer one");
        }
        if (next.Head.Sum != _index.Sum || next.Head.Records != (ulong)_index.Count)
        {
            throw new StoreDamagedException("the store", $"the records do not add up to the head at {next.Position}");
        }
    }

    private async ValueTask ScanAgainAsync(CancellationToken cancel)
    {
        var differences = new List<RecordChange>();
        var scan = await new FullScan(store, vault, consumer).RunAsync(_index, (changes, _) => differences.AddRange(changes), cancel).ConfigureAwait(false);
        var current = Current;
        if (scan.Head.Position < current.Position || (scan.Head.Position == current.Position && scan.Head.Hash != current.Hash))
        {
            throw new RollbackException(current.Position, scan.Head.Position, "the store is older than what this HSM has already seen of it");
        }
        await Watch.DisposeAsync().ConfigureAwait(false);
        _index = scan.Index;
        _watch = store.Watch("", scan.At);
        consumer.Apply(differences, scan.Head.Position);
        MoveTo(scan.Head);
        Skipped();
    }

    private void MoveTo(VerifiedHead head)
    {
        _current = head;
        var moved = _moved;
        _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        moved.TrySetResult();
    }
}
