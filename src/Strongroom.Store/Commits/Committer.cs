using System.Threading.Channels;
using Strongroom.Store.Anchors;
using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>
/// The one way into a cluster's store: judges changes, seals them in batches, and answers each when its batch is durable and the anchor remembers it. One thread of its own does all of it, because SQLite and fdatasync block; that thread also applies other HSMs' commits.
/// </summary>
public sealed class Committer : IAsyncDisposable
{
    /// <summary>Changes of one proposal: a transaction's operations but the head.</summary>
    public const int ChangesPerProposal = StoreLimits.Operations - 1;

    /// <summary>Changes that may wait. More callers than that wait for room.</summary>
    public const int QueueLength = 8192;

    private static readonly TimeSpan RoomDeadline = TimeSpan.FromSeconds(10);

    // After so many commits without an answer in a row, their callers are told that the outcome is unknown.
    private const int MostUnknown = 50;
    private static readonly TimeSpan UnknownPause = TimeSpan.FromMilliseconds(100);

    private readonly IStore _store;
    private readonly RecordVault _vault;
    private readonly Anchor _anchor;
    private readonly IRecordConsumer _consumer;
    private readonly ClusterState _state;
    private readonly Channel<PendingChange> _queue = Channel.CreateBounded<PendingChange>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<StoreException> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private Task _pump = Task.CompletedTask;

    // Set by anyone, taken by the committer's thread: there may be commits of others.
    private int _news;
    private int _disposed;
    private readonly SemaphoreSlim _newsTaken = new(0);

    // The committer's thread only.
    private List<PendingChange> _putOff = [];
    private readonly Dictionary<CommitId, List<PendingChange>> _unanswered = [];

    internal Committer(IStore store, RecordVault vault, Anchor anchor, IRecordConsumer consumer, ClusterState state)
    {
        (_store, _vault, _anchor, _consumer, _state) = (store, vault, anchor, consumer, state);
        state.Seen = head => AnswerLate(head.Head.Commit, head.Position);
        state.Skipped = GiveUpUnanswered;
        _thread = new(Run) { IsBackground = true, Name = "committer" };
    }

    /// <summary>
    /// Commits what a function proposes. The function is pure but for reading the consumer's state; it runs on the committer's thread, perhaps several times, each time on a newer state.
    /// </summary>
    /// <returns>Committed: durable, and applied to the consumer. Refused: nothing was proposed.</returns>
    /// <exception cref="StoreFullException">No room; nothing was written.</exception>
    /// <exception cref="StoreBusyException">Too much is waiting; nothing was written.</exception>
    /// <exception cref="StoreStoppedException">The store has stopped; says why. If that happened meanwhile, the outcome is unknown.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the change was taken into a batch; nothing was written.</exception>
    public async ValueTask<CommitResult<T>> CommitAsync<T>(Func<ISealedView, Proposal<T>> change, CancellationToken cancel = default)
    {
        var pending = new PendingChange<T>(change, cancel);
        if (!_queue.Writer.TryWrite(pending))
        {
            await WaitForRoomAsync(pending, cancel).ConfigureAwait(false);
        }
        _wake.Release();
        return await pending.Result.ConfigureAwait(false);
    }

    internal Task<StoreException> Stopped => _stopped.Task;

    internal void Start()
    {
        _thread.Start();
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Asks the committer's thread to look for other HSMs' commits now.</summary>
    internal void LookForNews()
    {
        Volatile.Write(ref _news, 1);
        _wake.Release();
    }

    /// <summary>Refuses what comes, ends what has begun. Called by the store when it closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }
        Stop(new StoreException("it was closed"));
        await _stop.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        _thread.Join();
        _stop.Dispose();
        _wake.Dispose();
        _newsTaken.Dispose();
    }

    private async ValueTask WaitForRoomAsync(PendingChange pending, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(RoomDeadline);
        try
        {
            await _queue.Writer.WriteAsync(pending, deadline.Token).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new StoreStoppedException(await Stopped.ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new StoreBusyException($"{QueueLength} changes have been waiting for {RoomDeadline.TotalSeconds:0} s to be committed; this one was not taken.");
        }
    }

    // The background-loop runner: whatever ends the loop stops the store, with its cause.
    private void Run()
    {
        try
        {
            while (!Stopped.IsCompleted)
            {
                _wake.Wait(_stop.Token);
                try
                {
                    TakeNews();
                    while (!Stopped.IsCompleted && (_putOff.Count > 0 || _queue.Reader.TryPeek(out _)))
                    {
                        CommitBatch();
                    }
                }
                catch (StoreException passing) when (!passing.Fatal)
                {
                    RefuseWaiting(passing);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (StoreException cause)
        {
            Stop(cause);
        }
#pragma warning disable CA1031 // A fault in the consumer or in here must end as a stopped store, not as a silent thread.
        catch (Exception fault)
        {
            Stop(new StoreException($"the committer failed: {fault.Message}", fault));
        }
#pragma warning restore CA1031
        RefuseWaiting(new StoreStoppedException(Stopped.Result));
    }

    private void TakeNews()
    {
        if (Interlocked.Exchange(ref _news, 0) == 0)
        {
            return;
        }
        try
        {
            Wait(_state.CatchUpAsync(_stop.Token));
            _anchor.Advance(_state.Current.Position, _state.Current.Hash);
        }
        finally
        {
            _newsTaken.Release();
        }
    }

    private void CommitBatch()
    {
        var turn = Wait(_store.TakeTurnAsync(_stop.Token));
        try
        {
            for (var unknown = 0; ; unknown++)
            {
                var batch = Collect();
                if (batch.Members.Count == 0)
                {
                    return;
                }
                switch (TryCommit(turn, batch))
                {
                    case CommitStatus.Committed:
                        return;
                    case CommitStatus.Conflict:
                        unknown = 0;
                        CatchUpAfterConflict(batch);
                        break;
                    default:
                        Thread.Sleep(unknown == 0 ? TimeSpan.Zero : UnknownPause);
                        Wait(_state.CatchUpAsync(_stop.Token));
                        if (unknown >= MostUnknown)
                        {
                            GiveUpUnanswered();
                        }
                        break;
                }
                _putOff.InsertRange(0, batch.Members);
            }
        }
        finally
        {
            Wait(turn.DisposeAsync());
        }
    }

    // The head is compared in every commit, so a conflict means that somebody advanced it; or that records were changed without it, which no HSM does.
    private void CatchUpAfterConflict(BatchBuilder batch)
    {
        var before = _state.Current;
        Wait(_state.CatchUpAsync(_stop.Token));
        if (_state.Current == before && _unanswered.Count == 0)
        {
            _putOff.InsertRange(0, batch.Members);
            throw new StoreDamagedException("the store", $"the head still stands at {before.Position}, but it or one of {string.Join(", ", batch.Changes.Select(change => $"'{change.Path}'"))} was changed without a new head");
        }
    }

    private BatchBuilder Collect()
    {
        var batch = new BatchBuilder(_state);
        var first = _putOff;
        _putOff = [];
        var i = 0;
        for (; i < first.Count && !batch.Closed; i++)
        {
            batch.Add(first[i]);
        }
        while (!batch.Closed && _queue.Reader.TryRead(out var pending))
        {
            batch.Add(pending);
        }
        _putOff.AddRange(batch.PutOff);
        _putOff.AddRange(first.Skip(i));
        return batch;
    }

    private CommitStatus TryCommit(IStoreTurn turn, BatchBuilder builder)
    {
        var id = CommitId.Draw();
        try
        {
            var batch = SealedBatch.Seal(builder.Changes, _state, _vault, _consumer, id);
            Fault.Point("committer.before-commit");
            var outcome = Wait(turn.CommitAsync(batch.Transaction, _stop.Token));
            switch (outcome.Status)
            {
                case CommitStatus.Committed:
                    Fault.Point("committer.before-anchor");
                    _anchor.Advance(batch.Head.Position, batch.HeadHash);
                    Fault.Point("committer.after-anchor");
                    _state.ApplyOwn(batch, outcome.Revision);
                    builder.Members.ForEach(member => member.Answer(ChangeStatus.Committed, batch.Head.Position));
                    _unanswered.Clear(); // Earlier attempts compared a head that is now overwritten: they can't happen any more.
                    break;
                case CommitStatus.Unknown:
                    _unanswered[id] = builder.Members;
                    break;
            }
            return outcome.Status;
        }
        catch (StoreException refusal) when (!refusal.Fatal)
        {
            builder.Members.ForEach(member => member.Refuse(refusal));
            return CommitStatus.Committed; // as far as this batch is concerned: its members have their answer
        }
        catch (Exception)
        {
            _putOff.InsertRange(0, builder.Members); // so that they are refused with the cause that stops the store
            throw;
        }
    }

    // A commit without an answer did happen after all: its members were judged for it, though perhaps they have been judged again since, in vain.
    private void AnswerLate(CommitId id, HeadPosition position)
    {
        if (_unanswered.Remove(id, out var members))
        {
            _anchor.Advance(position, _state.Current.Hash);
            members.ForEach(member => member.Answer(ChangeStatus.Committed, position));
        }
    }

    private void GiveUpUnanswered()
    {
        foreach (var member in _unanswered.Values.SelectMany(members => members))
        {
            member.Answer(ChangeStatus.Unknown, _state.Current.Position);
        }
        _unanswered.Clear();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (!Stopped.IsCompleted)
            {
                await _state.Watch.WaitAsync(_stop.Token).ConfigureAwait(false);
                LookForNews();
                await _newsTaken.WaitAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (StoreException cause)
        {
            Stop(cause);
            _wake.Release();
        }
    }

    private void Stop(StoreException cause)
    {
        _stopped.TrySetResult(cause);
        _queue.Writer.TryComplete();
    }

    private void RefuseWaiting(StoreException cause)
    {
        _putOff.ForEach(pending => pending.Refuse(cause));
        _putOff = [];
        while (_queue.Reader.TryRead(out var pending))
        {
            pending.Refuse(cause);
        }
    }

    private static void Wait(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            task.AsTask().GetAwaiter().GetResult();
        }
    }

    private static T Wait<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();
}
