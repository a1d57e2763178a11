using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>
/// Collects waiting changes into one commit, as many as a transaction takes. Changes are judged on the state before the batch, so one that writes or relies on what an earlier one of the batch writes is put off to the next batch.
/// </summary>
internal sealed class BatchBuilder(ClusterState state) : ISealedView
{
    // So many changes to the same records are looked at in vain before a batch is closed.
    private const int MostPutOff = 64;

    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private int _bytes;

    public HeadPosition Position => state.Current.Position;

    /// <summary>What the batch writes.</summary>
    public List<Change> Changes { get; } = new(StoreLimits.Operations);

    /// <summary>Whose changes these are.</summary>
    public List<PendingChange> Members { get; } = [];

    /// <summary>Changes that must be judged again after this batch, in their order.</summary>
    public List<PendingChange> PutOff { get; } = [];

    public bool Closed { get; private set; }

    public ulong? Version(string path)
    {
        _asked.Add(path);
        return state.Index.Find(path)?.Version;
    }

    /// <summary>Judges a change and takes it in, answers it if it writes nothing, or puts it off.</summary>
    public void Add(PendingChange pending)
    {
        if (pending.Answered || pending.Withdraw())
        {
            return;
        }
        _asked.Clear();
        try
        {
            pending.Judge(this);
            Check(pending.Changes);
        }
        catch (Exception fault) when (fault is not StoreException { Fatal: true })
        {
            pending.Refuse(fault); // The caller's function or its proposal is wrong: the caller's matter, not the store's.
            return;
        }
        var real = pending.Changes.Where(change => change.Content is not null || state.Index.Find(change.Path) is not null).ToList();
        var bytes = real.Sum(SealedBatch.Size);
        if (_written.Overlaps(_asked) || pending.Changes.Any(change => _written.Contains(change.Path)))
        {
            PutOff.Add(pending);
            Closed = PutOff.Count >= MostPutOff;
        }
        else if (real.Count == 0)
        {
            pending.Answer(pending.Changes.Count == 0 ? ChangeStatus.Refused : ChangeStatus.Committed, Position);
        }
        else if (Changes.Count + real.Count > Committer.ChangesPerProposal || _bytes + bytes > StoreLimits.TransactionBytes - SealedBatch.HeadBytes)
        {
            PutOff.Add(pending);
            Closed = true;
        }
        else
        {
            Members.Add(pending);
            Changes.AddRange(real);
            _bytes += bytes;
            _written.UnionWith(real.Select(change => change.Path));
            Closed = Changes.Count == Committer.ChangesPerProposal;
        }
    }

    private static void Check(IReadOnlyList<Change> changes)
    {
        if (changes.Count > Committer.ChangesPerProposal || changes.Sum(SealedBatch.Size) > StoreLimits.TransactionBytes - SealedBatch.HeadBytes)
        {
            throw new ArgumentException($"A proposal takes {Committer.ChangesPerProposal} changes and {StoreLimits.TransactionBytes - SealedBatch.HeadBytes} bytes; this one has {changes.Count} and {changes.Sum(SealedBatch.Size)}.");
        }
        if (changes.FirstOrDefault(change => change.Path == Head.Path) is { Path: not null })
        {
            throw new ArgumentException("The head is not written by proposals.");
        }
        if (changes.Count > 0)
        {
            new StoreTransaction([], [.. changes.Select(change => new StoreOperation(change.Path, change.Content))]).Validate();
        }
    }
}
