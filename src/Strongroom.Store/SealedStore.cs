using Strongroom.Store.Anchors;
using Strongroom.Store.Commits;
using Strongroom.Store.Heads;
using Strongroom.Store.Sealing;

namespace Strongroom.Store;

/// <summary>A cluster's records: sealed, summed up by the head, anchored outside the store, and followed as other HSMs change them.</summary>
public sealed class SealedStore : IAsyncDisposable
{
    private readonly IStore _store;
    private readonly RecordVault _vault;
    private readonly Anchor _anchor;
    private readonly ClusterState _state;

    private SealedStore(IStore store, RecordVault vault, Anchor anchor, ClusterState state, Committer committer) =>
        (_store, _vault, _anchor, _state, Committer) = (store, vault, anchor, state, committer);

    /// <summary>What has been applied to the consumer.</summary>
    public HeadPosition Position => _state.Current.Position;

    public Committer Committer { get; }

    /// <summary>Completes with the cause when the store stops for good; the HSM must then stop serving.</summary>
    public Task<StoreException> Stopped => Committer.Stopped;

    /// <summary>Writes the first head into an empty store: the birth of a cluster.</summary>
    /// <exception cref="StoreException">The store is not empty.</exception>
    public static async Task CreateAsync(IStore store, ClusterKeys keys, CancellationToken cancel)
    {
        using var vault = new RecordVault(keys);
        if ((await store.ReadAsync(new("", Limit: 1), cancel).ConfigureAwait(false)).Records is not [])
        {
            throw new StoreException("A cluster is born into an empty store; this one has records.");
        }
        var head = new Head(new(keys.CurrentEpoch, 1), default, CommitId.Draw(), default, 0);
        var transaction = new StoreTransaction([new(Head.Path, Revision.None)], [StoreOperation.Put(Head.Path, vault.SealHead(head))]);
        if ((await store.CommitAsync(transaction, cancel).ConfigureAwait(false)).Status != CommitStatus.Committed)
        {
            throw new StoreException("The first head could not be written: the store gave no answer, or another cluster was born into it at the same moment.");
        }
    }

    /// <summary>Reads and verifies everything, then follows the changes. Owns <paramref name="store"/> and <paramref name="anchor"/> from then on, also when it fails; not <paramref name="keys"/>.</summary>
    /// <param name="accepted">What an admin has decided about a store that the anchor does not agree with. The anchor moves with the next commit, which must be under a new epoch to be past it.</param>
    /// <exception cref="StoreDamagedException">Head, sum or a record is not what it was.</exception>
    /// <exception cref="RollbackException">The anchor is ahead of the store.</exception>
    public static async Task<SealedStore> OpenAsync(IStore store, ClusterKeys keys, Anchor anchor, IRecordConsumer consumer, CancellationToken cancel, Acceptance? accepted = null)
    {
        var vault = new RecordVault(keys);
        var state = new ClusterState(store, vault, anchor, consumer);
        try
        {
            await state.OpenAsync(accepted, cancel).ConfigureAwait(false);
        }
        catch
        {
            vault.Dispose();
            anchor.Dispose();
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        var opened = new SealedStore(store, vault, anchor, state, new(store, vault, anchor, consumer, state));
        opened.Committer.Start();
        return opened;
    }

    /// <summary>Waits until everything up to a position has been applied, reading the store once at once.</summary>
    /// <returns>False if that did not happen in time.</returns>
    public async ValueTask<bool> CatchUpAsync(HeadPosition position, TimeSpan timeout, CancellationToken cancel)
    {
        if (Position >= position)
        {
            return true;
        }
        Committer.LookForNews();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(timeout);
        try
        {
            await _state.ReachAsync(position, deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Reads everything, sealed as it is, as it was at one moment. See <see cref="Backups.StoreCopy.ReadAsync"/>.</summary>
    public Task CopyAsync(Func<IReadOnlyList<StoredRecord>, Task> take, CancellationToken cancel) => Backups.StoreCopy.ReadAsync(_store, take, cancel);

    public async ValueTask DisposeAsync()
    {
        await Committer.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        _anchor.Dispose();
        _vault.Dispose();
    }
}
