using Strongroom.Store.Sqlite;

namespace Strongroom.Store.Tests.Sqlite;

public sealed class SqliteStoreTests : StoreContract
{
    private string Database => Folder.File("store.db");

    private protected override async ValueTask<IStore> CreateAsync()
    {
        SqliteStore.Create(Database);
        return await SqliteStore.OpenAsync(Database, new(), Cancel);
    }

    [Fact]
    public async Task What_was_committed_is_there_after_closing_and_opening()
    {
        var revision = await PutAsync("a", "1");
        await Store.DisposeAsync();
        Assert.False(File.Exists(Database + "-wal"));
        await using var again = await SqliteStore.OpenAsync(Database, new(), Cancel);
        Assert.Equal(revision, Assert.Single((await again.ReadAsync(new(""), Cancel)).Records!).Modified);
    }

    [Fact]
    public async Task The_commits_of_another_connection_wake_a_watch()
    {
        await using var other = await SqliteStore.OpenAsync(Database, new(), Cancel);
        await using var watch = Store.Watch("", await PutAsync("a", "1"));
        var waiting = watch.WaitAsync(Cancel).AsTask();
        await ((IStore)other).CommitAsync(new([], [StoreOperation.Put("b", Bytes("2"))]), Cancel);
        await waiting.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        Assert.Equal("b", Assert.Single((await watch.CatchUpAsync(Cancel)).Changes!).Path);
    }

    [Fact]
    public async Task Writers_of_several_connections_all_get_their_turns()
    {
        await using var other = await SqliteStore.OpenAsync(Database, new(), Cancel);
        IStore[] stores = [Store, other];
        await Task.WhenAll(stores.SelectMany((store, s) => Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            for (var n = 0; n < 25; n++)
            {
                Assert.Equal(CommitStatus.Committed, (await store.CommitAsync(new([], [StoreOperation.Put($"{s}/{i}/{n}", Bytes("x"))]), Cancel)).Status);
            }
        }, Cancel))));
        Assert.Equal(200, (await Store.ReadAsync(new(""), Cancel)).At.Value);
    }

    [Fact]
    public async Task The_history_is_kept_within_its_bounds()
    {
        await Store.DisposeAsync();
        await using var store = await SqliteStore.OpenAsync(Database, new() { HistoryCommits = 10, HistoryBytes = 1_000_000 }, Cancel);
        for (var i = 1; i <= 30; i++)
        {
            await ((IStore)store).CommitAsync(new([], [StoreOperation.Put("a", Bytes($"{i}"))]), Cancel);
        }
        Assert.Equal(20, (await store.ReadAsync(new(""), Cancel)).Compacted.Value);
        for (var i = 0; i < 6; i++)
        {
            await ((IStore)store).CommitAsync(new([], [StoreOperation.Put("b", new byte[300_000])]), Cancel);
        }
        // A change counts with the value it replaced: two fit.
        Assert.Equal(35, (await store.ReadAsync(new(""), Cancel)).Compacted.Value);
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_and_goes_on_reading_and_writing_again_when_there_is_room()
    {
        await PutAsync("a", "1");
        await Store.DisposeAsync();
        await using (var full = await SqliteStore.OpenAsync(Database, new() { MaximumPages = 20 }, Cancel))
        {
            var refused = await Assert.ThrowsAsync<StoreFullException>(async () => await ((IStore)full).CommitAsync(new([], [StoreOperation.Put("b", new byte[500_000])]), Cancel));
            Assert.Contains(Database, refused.Message, StringComparison.Ordinal);
            Assert.Equal("a", Assert.Single((await full.ReadAsync(new(""), Cancel)).Records!).Path);
            Assert.Equal(CommitStatus.Committed, (await ((IStore)full).CommitAsync(new([], [StoreOperation.Put("c", Bytes("small"))]), Cancel)).Status);
        }
        await using var roomy = await SqliteStore.OpenAsync(Database, new(), Cancel);
        Assert.Equal(CommitStatus.Committed, (await ((IStore)roomy).CommitAsync(new([], [StoreOperation.Put("b", new byte[500_000])]), Cancel)).Status);
        Assert.Equal(["a", "b", "c"], (await roomy.ReadAsync(new(""), Cancel)).Records!.Select(record => record.Path));
    }

    [Fact]
    public async Task A_turn_that_does_not_come_in_time_is_refused_with_the_reason_and_given_back_when_it_comes()
    {
        await using var other = await SqliteStore.OpenAsync(Database, new() { TurnDeadline = TimeSpan.FromSeconds(2) }, Cancel);
        var turn = await Store.TakeTurnAsync(Cancel);
        await Assert.ThrowsAsync<StoreBusyException>(async () => await ((IStore)other).CommitAsync(new([], [StoreOperation.Put("b", Bytes("2"))]), Cancel));
        await turn.DisposeAsync();
        await PutAsync("a", "1");
        Assert.Equal(CommitStatus.Committed, (await ((IStore)other).CommitAsync(new([], [StoreOperation.Put("b", Bytes("2"))]), Cancel)).Status);
    }
}
