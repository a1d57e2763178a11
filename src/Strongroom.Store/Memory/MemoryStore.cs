namespace Strongroom.Store.Memory;

/// <summary>A store for tests: nothing of it is durable. It keeps the whole history until told to compact.</summary>
public sealed class MemoryStore : IStore
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1);

    // All under _lock. The history is in the order of revisions; a change knows what it replaced.
    private readonly SortedDictionary<string, StoredRecord> _records = new(StringComparer.Ordinal);
    private readonly List<MemoryChange> _history = [];
    private Revision _revision;
    private Revision _compacted;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<ReadPage> ReadAsync(ReadRequest request, CancellationToken cancel)
    {
        lock (_lock)
        {
            var at = request.At ?? _revision;
            if (at < _compacted || at > _revision)
            {
                return ValueTask.FromResult(new ReadPage(null, at, null, _compacted));
            }
            var then = new SortedDictionary<string, StoredRecord>(_records, StringComparer.Ordinal);
            for (var i = _history.Count - 1; i >= 0 && _history[i].Change.Revision > at; i--)
            {
                var (change, before) = _history[i];
                if (before is { } old)
                {
                    then[change.Path] = old;
                }
                else
                {
                    then.Remove(change.Path);
                }
            }
            var page = then.Values
                .Where(record => record.Path.StartsWith(request.Prefix, StringComparison.Ordinal) && (request.After is null || string.CompareOrdinal(record.Path, request.After) > 0))
                .Take(request.Limit + 1).ToList();
            var more = page.Count > request.Limit;
            return ValueTask.FromResult(new ReadPage(more ? page[..request.Limit] : page, at, more ? page[request.Limit - 1].Path : null, _compacted));
        }
    }

    public async ValueTask<IStoreTurn> TakeTurnAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        return new MemoryTurn(this);
    }

    public IStoreWatch Watch(string prefix, Revision after) => new MemoryWatch(this, prefix, after);

    public ValueTask CompactAsync(Revision upTo, CancellationToken cancel)
    {
        lock (_lock)
        {
            _compacted = new(Math.Max(_compacted.Value, Math.Min(upTo.Value, _revision.Value)));
            _history.RemoveAll(entry => entry.Change.Revision <= _compacted);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    internal void EndTurn() => _turn.Release();

    internal CommitOutcome Commit(StoreTransaction transaction)
    {
        transaction.Validate();
        lock (_lock)
        {
            foreach (var compare in transaction.Compares)
            {
                if (_records.GetValueOrDefault(compare.Path).Modified != compare.Modified)
                {
                    return CommitOutcome.Conflict;
                }
            }
            _revision = new(_revision.Value + 1);
            foreach (var operation in transaction.Operations)
            {
                StoredRecord? before = _records.TryGetValue(operation.Path, out var old) ? old : null;
                if (operation.Value is { } value)
                {
                    _records[operation.Path] = new(operation.Path, value.ToArray(), _revision);
                }
                else if (!_records.Remove(operation.Path))
                {
                    continue;
                }
                _history.Add(new(operation.Value is null ? new(operation.Path, null, _revision) : new(operation.Path, _records[operation.Path].Value, _revision), before));
            }
            var changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
            return CommitOutcome.Committed(_revision);
        }
    }

    internal WatchResult ChangesAfter(string prefix, Revision after)
    {
        lock (_lock)
        {
            return after < _compacted
                ? new(null, after)
                : new(_history.Where(entry => entry.Change.Revision > after && entry.Change.Path.StartsWith(prefix, StringComparison.Ordinal)).Select(entry => entry.Change).ToList(), _revision);
        }
    }

    internal Task WhenAfter(Revision revision)
    {
        lock (_lock)
        {
            return _revision > revision ? Task.CompletedTask : _changed.Task;
        }
    }

    private readonly record struct MemoryChange(StoreChange Change, StoredRecord? Before);
}
