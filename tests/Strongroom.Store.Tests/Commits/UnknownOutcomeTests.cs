using System.Text;
using Strongroom.Store.Commits;
using Strongroom.Store.Memory;

namespace Strongroom.Store.Tests.Commits;

/// <summary>The store gives no answer to a commit: it is found again by its id, or it provably never happens.</summary>
public sealed class UnknownOutcomeTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private readonly TestRecords _records = new();
    private readonly MemoryStore _memory = new();
    private SharedStore _shared = null!;
    private SealedStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await SealedStore.CreateAsync(_memory, _cluster.Keys, Cancel);
        _shared = new(_memory);
        _store = await _cluster.OpenAsync(_shared, _records);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _cluster.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_without_an_answer_happens_once(bool happened)
    {
        var times = 0;
        _shared.NoAnswer = _ => times++ == 0 ? happened : null;
        var result = await AppendAsync();
        Assert.Equal(ChangeStatus.Committed, result.Status);
        Assert.Equal("x", _records.Texts["log"]);
        Assert.Equal(2UL, _store.Position.Sequence);
        Assert.Equal(2UL, result.Position.Sequence);
        await AppendAsync();
        Assert.Equal("xx", _records.Texts["log"]);
    }

    [Fact]
    public async Task A_store_that_loses_half_of_its_answers_loses_and_doubles_no_change()
    {
        var times = 0;
        _shared.NoAnswer = _ => (times++ % 4) switch { 0 => true, 2 => false, _ => null };
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(ChangeStatus.Committed, (await AppendAsync()).Status);
        }
        Assert.Equal(new string('x', 40), _records.Texts["log"]);
    }

    [Fact]
    public async Task When_the_history_was_compacted_before_the_commit_was_found_the_caller_is_told_that_it_is_unknown()
    {
        var times = 0;
        _shared.NoAnswer = _ => times++ == 0 ? true : null;
        _shared.AfterCommit = () => _memory.CompactAsync(new(1000), CancellationToken.None).AsTask().Wait(Cancel);
        var result = await AppendAsync();
        Assert.Equal(ChangeStatus.Unknown, result.Status);
        Assert.Equal("x", _records.Texts["log"]);
    }

    private async Task<CommitResult<int>> AppendAsync() => await _store.Committer.CommitAsync(
        _ => Proposal.Write(0, Change.Put("log", Encoding.UTF8.GetBytes(_records.Texts.GetValueOrDefault("log", "") + "x"))), Cancel);
}
