using System.Text;

namespace Strongroom.Store.Tests;

/// <summary>What every store must do. Each implementation runs all of it.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private protected TestFolder Folder { get; } = new();

    private protected IStore Store { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract ValueTask<IStore> CreateAsync();

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_committed_record_is_read_with_its_revision()
    {
        var revision = await PutAsync("a/1", "one");
        var record = Assert.Single((await Store.ReadAsync(new("a/"), Cancel)).Records!);
        Assert.Equal(("a/1", "one", revision), (record.Path, Text(record.Value), record.Modified));
    }

    [Fact]
    public async Task A_prefix_selects_exactly_the_paths_that_begin_with_it()
    {
        foreach (var path in (string[])["a", "a/", "a/1", "a/~", "a0", "b/1", "A/1"])
        {
            await PutAsync(path, "x");
        }
        Assert.Equal(["a/", "a/1", "a/~"], await PathsAsync("a/"));
        Assert.Equal(["A/1", "a", "a/", "a/1", "a/~", "a0", "b/1"], await PathsAsync(""));
    }

    [Fact]
    public async Task Pages_together_give_every_record_once_and_in_order()
    {
        for (var i = 0; i < 25; i++)
        {
            await PutAsync($"p/{i:00}", "x");
        }
        var paths = new List<string>();
        var request = new ReadRequest("p/", Limit: 10);
        for (ReadPage page; ; request = request with { After = page.Next, At = page.At })
        {
            page = await Store.ReadAsync(request, Cancel);
            Assert.True(page.Records!.Count <= 10);
            paths.AddRange(page.Records.Select(record => record.Path));
            if (page.Next is null)
            {
                break;
            }
        }
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"p/{i:00}"), paths);
    }

    [Fact]
    public async Task Pages_at_one_revision_do_not_see_what_was_committed_between_them()
    {
        await PutAsync("p/1", "old");
        await PutAsync("p/2", "old");
        await PutAsync("p/3", "old");
        var first = await Store.ReadAsync(new("p/", Limit: 1), Cancel);
        await PutAsync("p/2", "new");
        await PutAsync("p/2", "newest");
        await DeleteAsync("p/3");
        await PutAsync("p/4", "added");
        var rest = new List<StoredRecord>();
        for (ReadPage page = first; page.Next is not null;)
        {
            page = await Store.ReadAsync(new("p/", first.At, page.Next, 1), Cancel);
            rest.AddRange(page.Records!);
        }
        Assert.Equal([("p/2", "old"), ("p/3", "old")], rest.Select(record => (record.Path, Text(record.Value))));
        Assert.Equal([2L, 3L], rest.Select(record => record.Modified.Value));
        Assert.Equal(["p/1", "p/2", "p/4"], await PathsAsync("p/"));
    }

    [Fact]
    public async Task All_operations_of_a_transaction_happen_at_one_revision()
    {
        await PutAsync("gone", "x");
        var outcome = await Store.CommitAsync(new([], [StoreOperation.Put("a", Bytes("1")), StoreOperation.Put("b", Bytes("2")), StoreOperation.Delete("gone")]), Cancel);
        var records = (await Store.ReadAsync(new(""), Cancel)).Records!;
        Assert.Equal(["a", "b"], records.Select(record => record.Path));
        Assert.All(records, record => Assert.Equal(outcome.Revision, record.Modified));
    }

    [Fact]
    public async Task A_compare_with_the_right_revision_lets_the_commit_through()
    {
        var revision = await PutAsync("a", "1");
        var outcome = await Store.CommitAsync(new([new("a", revision), new("b", Revision.None)], [StoreOperation.Put("b", Bytes("2"))]), Cancel);
        Assert.Equal(CommitStatus.Committed, outcome.Status);
        Assert.True(outcome.Revision > revision);
    }

    [Fact]
    public async Task A_compare_that_fails_leaves_everything_as_it_was()
    {
        var old = await PutAsync("a", "1");
        await PutAsync("a", "2");
        foreach (var compare in (StoreCompare[])[new("a", old), new("a", Revision.None), new("missing", old)])
        {
            var outcome = await Store.CommitAsync(new([compare], [StoreOperation.Put("a", Bytes("3")), StoreOperation.Put("b", Bytes("4"))]), Cancel);
            Assert.Equal(CommitOutcome.Conflict, outcome);
        }
        Assert.Equal([("a", "2")], (await Store.ReadAsync(new(""), Cancel)).Records!.Select(record => (record.Path, Text(record.Value))));
    }

    [Fact]
    public async Task Of_many_commits_that_compare_the_same_revision_one_succeeds()
    {
        var revision = await PutAsync("a", "0");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () => await Store.CommitAsync(new([new("a", revision)], [StoreOperation.Put("a", Bytes($"{i}"))]), Cancel))));
        Assert.Single(outcomes, outcome => outcome.Status == CommitStatus.Committed);
        Assert.Equal(15, outcomes.Count(outcome => outcome.Status == CommitStatus.Conflict));
    }

    [Fact]
    public async Task A_transaction_may_be_as_large_as_the_limits_and_no_larger()
    {
        var operations = Enumerable.Range(0, StoreLimits.Operations).Select(i => StoreOperation.Put($"p/{i:000}", new byte[StoreLimits.TransactionBytes / StoreLimits.Operations - 5])).ToList();
        Assert.Equal(CommitStatus.Committed, (await Store.CommitAsync(new([], operations), Cancel)).Status);
        Assert.Equal(StoreLimits.Operations, (await PathsAsync("p/")).Count);
        await RefusedAsync([.. operations, StoreOperation.Put("one/more", new byte[1])]);
        await RefusedAsync([StoreOperation.Put("big", new byte[StoreLimits.TransactionBytes])]);
        await RefusedAsync([]);
        await RefusedAsync([StoreOperation.Put("twice", new byte[1]), StoreOperation.Delete("twice")]);
        await RefusedAsync([StoreOperation.Put("", new byte[1])]);
        await RefusedAsync([StoreOperation.Put("umlaut/ü", new byte[1])]);
        await RefusedAsync([StoreOperation.Put(new string('x', StoreLimits.PathLength + 1), new byte[1])]);
        Assert.Equal(StoreLimits.Operations, (await PathsAsync("")).Count);

        async Task RefusedAsync(IReadOnlyList<StoreOperation> refused) =>
            await Assert.ThrowsAsync<ArgumentException>(async () => await Store.CommitAsync(new([], refused), Cancel));
    }

    [Fact]
    public async Task A_watch_tells_the_changes_after_its_revision_in_order()
    {
        var before = await PutAsync("w/1", "before");
        await PutAsync("w/1", "after");
        await PutAsync("other", "x");
        await Store.CommitAsync(new([], [StoreOperation.Delete("w/1"), StoreOperation.Put("w/2", Bytes("two"))]), Cancel);
        await using var watch = Store.Watch("w/", before);
        var told = await AllAsync(watch);
        Assert.Equal([("w/1", "after", 2), ("w/1", null, 4), ("w/2", "two", 4)], told.Select(change => (change.Path, change.Value is { } value ? Text(value) : null, change.Revision.Value)));
        Assert.Empty((await watch.CatchUpAsync(Cancel)).Changes!);
        await PutAsync("w/3", "three");
        Assert.Equal("w/3", Assert.Single(await AllAsync(watch)).Path);
    }

    [Fact]
    public async Task A_watch_wakes_when_something_is_committed_and_not_for_what_its_owner_committed()
    {
        await using var watch = Store.Watch("", await PutAsync("a", "1"));
        var waiting = watch.WaitAsync(Cancel).AsTask();
        await Task.Delay(100, Cancel);
        Assert.False(waiting.IsCompleted);
        await PutAsync("b", "2");
        await waiting.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        watch.Advance((await Store.ReadAsync(new(""), Cancel)).At);
        Assert.Empty((await watch.CatchUpAsync(Cancel)).Changes!);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await watch.WaitAsync(new CancellationTokenSource(100).Token));
    }

    [Fact]
    public async Task A_watch_of_much_tells_all_of_it_and_divides_no_commit()
    {
        var start = await PutAsync("start", "x");
        for (var commit = 0; commit < 40; commit++)
        {
            await Store.CommitAsync(new([], [.. Enumerable.Range(0, 120).Select(i => StoreOperation.Put($"p/{i:000}", Bytes($"{commit}")))]), Cancel);
        }
        await using var watch = Store.Watch("p/", start);
        var told = new List<StoreChange>();
        while (await watch.CatchUpAsync(Cancel) is { Changes: { Count: > 0 } changes })
        {
            Assert.All(changes.GroupBy(change => change.Revision), commit => Assert.Equal(120, commit.Count()));
            told.AddRange(changes);
        }
        Assert.Equal(4800, told.Count);
        Assert.Equal(told.OrderBy(change => change.Revision).ThenBy(change => change.Path, StringComparer.Ordinal), told);
    }

    [Fact]
    public async Task What_was_compacted_can_be_neither_read_nor_watched_and_the_present_stays()
    {
        var first = await PutAsync("a", "1");
        var second = await PutAsync("a", "2");
        var third = await PutAsync("a", "3");
        await Store.CompactAsync(second, Cancel);
        var page = await Store.ReadAsync(new("", first), Cancel);
        Assert.Null(page.Records);
        Assert.Equal(second, page.Compacted);
        await using var late = Store.Watch("", first);
        Assert.Null((await late.CatchUpAsync(Cancel)).Changes);
        Assert.Equal("2", Text((await Store.ReadAsync(new("", second), Cancel)).Records![0].Value));
        Assert.Equal("3", Text((await Store.ReadAsync(new("", third), Cancel)).Records![0].Value));
        await using var early = Store.Watch("", second);
        Assert.Equal(third, Assert.Single(await AllAsync(early)).Revision);
    }

    [Fact]
    public async Task A_turn_keeps_the_other_writers_waiting_until_it_ends()
    {
        var turn = await Store.TakeTurnAsync(Cancel);
        var other = Task.Run(async () => await PutAsync("other", "x"), Cancel);
        await Task.Delay(100, Cancel);
        Assert.False(other.IsCompleted);
        var outcome = await turn.CommitAsync(new([], [StoreOperation.Put("mine", Bytes("x"))]), Cancel);
        await turn.DisposeAsync();
        Assert.True(await other.WaitAsync(TimeSpan.FromSeconds(60), Cancel) > outcome.Revision);
    }

    private protected async Task<Revision> PutAsync(string path, string value)
    {
        var outcome = await Store.CommitAsync(new([], [StoreOperation.Put(path, Bytes(value))]), Cancel);
        Assert.Equal(CommitStatus.Committed, outcome.Status);
        return outcome.Revision;
    }

    private protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private async Task DeleteAsync(string path) => await Store.CommitAsync(new([], [StoreOperation.Delete(path)]), Cancel);

    private async Task<List<string>> PathsAsync(string prefix) => [.. (await Store.ReadAsync(new(prefix), Cancel)).Records!.Select(record => record.Path)];

    private static async Task<List<StoreChange>> AllAsync(IStoreWatch watch)
    {
        var told = new List<StoreChange>();
        while (await watch.CatchUpAsync(Cancel) is { Changes: { Count: > 0 } changes })
        {
            told.AddRange(changes);
        }
        return told;
    }
}
