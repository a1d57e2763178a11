namespace Strongroom.Node.Data;

public sealed class ReceptionTests
{
    private const int Megabyte = 1 << 20;
    private readonly Reception _reception = new();

    [Fact]
    public async Task A_source_has_sixteen_megabytes_and_does_not_stand_in_anothers_way()
    {
        for (var i = 0; i < 16; i++)
        {
            await _reception.TakeAsync("a", Megabyte, Cancel);
        }

        var waiting = _reception.TakeAsync("a", Megabyte, Cancel);
        await _reception.TakeAsync("b", Megabyte, Cancel);
        Assert.False(waiting.IsCompleted);
        _reception.Give("b", Megabyte);
        Assert.False(waiting.IsCompleted);
        _reception.Give("a", Megabyte);
        await waiting;
    }

    [Fact]
    public async Task All_sources_together_have_sixty_four()
    {
        for (var i = 0; i < 64; i++)
        {
            await _reception.TakeAsync($"source {i / 8}", Megabyte, Cancel);
        }

        var waiting = _reception.TakeAsync("another", Megabyte, Cancel);
        Assert.False(waiting.IsCompleted);
        _reception.Give("source 0", Megabyte);
        await waiting;
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_nothing()
    {
        for (var i = 0; i < 16; i++)
        {
            await _reception.TakeAsync("a", Megabyte, Cancel);
        }

        using var giveUp = new CancellationTokenSource();
        var waiting = _reception.TakeAsync("a", Megabyte, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _reception.Give("a", Megabyte);
        await _reception.TakeAsync("a", Megabyte, Cancel);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
