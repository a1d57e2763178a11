using System.Globalization;
using System.Text;
using Strongroom.Store.Commits;
using Strongroom.Store.Memory;

namespace Strongroom.Store.Tests.Commits;

public sealed class CommitterTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private readonly TestRecords _records = new();
    private readonly MemoryStore _memory = new();
    private SealedStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await SealedStore.CreateAsync(_memory, _cluster.Keys, Cancel);
        _store = await _cluster.OpenAsync(_memory, _records);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _cluster.Dispose();
    }

    [Fact]
    public async Task A_committed_change_is_applied_before_its_caller_is_answered_and_advances_head_and_anchor()
    {
        var result = await _store.PutAsync("a", "text");
        Assert.Equal(ChangeStatus.Committed, result.Status);
        Assert.Equal("done", result.Value);
        Assert.Equal(2UL, result.Position.Sequence);
        Assert.Equal("text", _records.Texts["a"]);
        Assert.Equal(result.Position, _store.Position);
        await _store.DisposeAsync();
        Assert.Equal(result.Position, _cluster.OpenAnchor().Position);
    }

    [Fact]
    public async Task A_change_that_proposes_nothing_is_refused_with_its_own_value_and_commits_nothing()
    {
        var before = _store.Position;
        var result = await _store.Committer.CommitAsync(_ => Proposal.Refuse("no such user"), Cancel);
        Assert.Equal((ChangeStatus.Refused, "no such user", before), (result.Status, result.Value, result.Position));
        Assert.Equal(before, _store.Position);
    }

    [Fact]
    public async Task Many_concurrent_changes_share_commits()
    {
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => _store.PutAsync($"objects/{i}", "x")));
        Assert.Equal(2000, _records.Texts.Count);
        Assert.True(_store.Position.Sequence < 500, $"{_store.Position.Sequence} commits");
    }

    [Fact]
    public async Task Changes_to_one_record_are_each_judged_on_the_one_before()
    {
        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => _store.Committer.CommitAsync(Increment, Cancel).AsTask()));
        Assert.Equal("300", _records.Texts["counter"]);
    }

    [Fact]
    public async Task A_change_that_asked_for_a_record_is_judged_again_when_another_writes_it()
    {
        // Each creates its own record if the limit, counted in another, is not reached: without the question more than ten would get through one batch.
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _store.Committer.CommitAsync(
            view =>
            {
                view.Version("last");
                return _records.Texts.Count(record => record.Key.StartsWith("o/", StringComparison.Ordinal)) < 10
                    ? Proposal.Write(true, Change.Put($"o/{i}", new byte[1]), Change.Put("last", Encoding.UTF8.GetBytes($"{i}")))
                    : Proposal.Refuse(false);
            },
            Cancel).AsTask()));
        Assert.Equal(10, results.Count(result => result.Value));
        Assert.Equal(10, results.Count(result => result.Status == ChangeStatus.Committed));
    }

    [Fact]
    public async Task A_refusal_that_relied_on_a_record_written_in_the_same_batch_is_judged_again()
    {
        var gate = new SemaphoreSlim(0);
        var blocking = _store.Committer.CommitAsync(_ => { gate.Wait(Cancel); return Proposal.Refuse(0); }, Cancel).AsTask();
        var writing = _store.PutAsync("user", "x");
        var asking = _store.Committer.CommitAsync(view => Proposal.Refuse(view.Version("user") is not null), Cancel).AsTask();
        gate.Release();
        await blocking;
        await writing;
        Assert.True((await asking).Value);
    }

    [Fact]
    public async Task Deleting_removes_the_record_and_deleting_nothing_is_no_commit()
    {
        await _store.PutAsync("a", "x");
        await _store.DeleteAsync("a");
        Assert.Empty(_records.Texts);
        var before = _store.Position;
        Assert.Equal(ChangeStatus.Committed, (await _store.DeleteAsync("a")).Status);
        Assert.Equal(before, _store.Position);
    }

    [Fact]
    public async Task A_function_that_throws_or_proposes_too_much_fails_its_own_caller_only()
    {
        var bystander = _store.PutAsync("a", "x");
        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await _store.Committer.CommitAsync<int>(_ => throw new InvalidTimeZoneException(), Cancel));
        await RefusedAsync([.. Enumerable.Range(0, Committer.ChangesPerProposal + 1).Select(i => Change.Put($"{i}", new byte[1]))]);
        await RefusedAsync([Change.Put("big", new byte[StoreLimits.TransactionBytes])]);
        await RefusedAsync([Change.Put("head", new byte[1])]);
        await RefusedAsync([Change.Put("twice", new byte[1]), Change.Delete("twice")]);
        Assert.Equal(ChangeStatus.Committed, (await bystander).Status);
        Assert.False(_store.Stopped.IsCompleted);

        async Task RefusedAsync(IReadOnlyList<Change> changes) =>
            await Assert.ThrowsAsync<ArgumentException>(async () => await _store.Committer.CommitAsync(_ => Proposal.Write(0, changes), Cancel));
    }

    [Fact]
    public async Task Large_changes_are_divided_into_commits_that_a_store_takes()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => _store.Committer.CommitAsync(_ => Proposal.Write(0, Change.Put($"{i}", new byte[700_000])), Cancel).AsTask()));
        Assert.Equal(10, _records.Texts.Count);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => _store.Committer.CommitAsync(
            _ => Proposal.Write(0, [.. Enumerable.Range(0, 100).Select(n => Change.Put($"{i}/{n}", new byte[1]))]), Cancel).AsTask()));
        Assert.Equal(1010, _records.Texts.Count);
    }

    [Fact]
    public async Task A_cancelled_change_that_waits_is_not_made()
    {
        var gate = new SemaphoreSlim(0);
        var blocking = _store.Committer.CommitAsync(_ => { gate.Wait(Cancel); return Proposal.Refuse(0); }, Cancel).AsTask();
        using var gone = new CancellationTokenSource();
        var cancelled = _store.Committer.CommitAsync(_ => Proposal.Write(0, Change.Put("a", new byte[1])), gone.Token).AsTask();
        await gone.CancelAsync();
        gate.Release();
        await blocking;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Empty(_records.Texts);
    }

    [Fact]
    public async Task After_closing_every_change_is_refused_with_the_reason()
    {
        await _store.DisposeAsync();
        var refusal = await Assert.ThrowsAsync<StoreStoppedException>(() => _store.PutAsync("a", "x"));
        Assert.Contains("closed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_committers_of_one_store_lose_no_change_of_either()
    {
        var others = new TestRecords();
        await using var other = await _cluster.OpenAsync(new SharedStore(_memory), others, "hsm-b");
        await Task.WhenAll(Enumerable.Range(0, 200).SelectMany(_ => (Task[])[_store.Committer.CommitAsync(Increment, Cancel).AsTask(), other.Committer.CommitAsync(view => IncrementIn(others), Cancel).AsTask()]));
        Assert.True(await _store.CatchUpAsync(other.Position, TimeSpan.FromSeconds(60), Cancel));
        Assert.True(await other.CatchUpAsync(_store.Position, TimeSpan.FromSeconds(60), Cancel));
        Assert.Equal("400", _records.Texts["counter"]);
        Assert.Equal("400", others.Texts["counter"]);
        Assert.Equal(others.Applied.Skip(1).Order(), others.Applied.Skip(1));
    }

    [Fact]
    public async Task What_another_commits_arrives_unasked()
    {
        var others = new TestRecords();
        await using var other = await _cluster.OpenAsync(new SharedStore(_memory), others, "hsm-b");
        var result = await _store.PutAsync("a", "x");
        Assert.True(await other.CatchUpAsync(result.Position, TimeSpan.FromSeconds(60), Cancel));
        Assert.Equal("x", others.Texts["a"]);
        Assert.False(await other.CatchUpAsync(new(1, 99), TimeSpan.FromMilliseconds(100), Cancel));
    }

    [Fact]
    public async Task Who_is_behind_the_compacted_history_reads_everything_anew_and_is_told_the_differences()
    {
        await _store.PutAsync("stays", "x");
        await _store.PutAsync("changes", "old");
        await _store.PutAsync("goes", "x");
        var others = new TestRecords();
        var paused = new SharedStore(_memory);
        await using var other = await _cluster.OpenAsync(paused, others, "hsm-b");
        paused.Pause();
        await _store.PutAsync("changes", "new");
        await _store.DeleteAsync("goes");
        await _store.PutAsync("comes", "x");
        await _memory.CompactAsync(new(100), Cancel);
        paused.Resume();
        Assert.True(await other.CatchUpAsync(_store.Position, TimeSpan.FromSeconds(60), Cancel));
        Assert.Equal([("changes", "new"), ("comes", "x"), ("stays", "x")], others.Texts.OrderBy(record => record.Key).Select(record => (record.Key, record.Value)));
        Assert.Equal(ChangeStatus.Committed, (await other.PutAsync("more", "x")).Status);
    }

    private Proposal<int> Increment(ISealedView view) => IncrementIn(_records);

    private static Proposal<int> IncrementIn(TestRecords records)
    {
        var next = int.Parse(records.Texts.GetValueOrDefault("counter", "0"), CultureInfo.InvariantCulture) + 1;
        return Proposal.Write(next, Change.Put("counter", Encoding.UTF8.GetBytes($"{next}")));
    }
}
