namespace Strongroom.Audit.Tests.Verification;

/// <summary>Somebody takes away whole files of the log, or writes behind their ends.</summary>
public sealed class SegmentTamperingTests : IAsyncLifetime
{
    private readonly TestLog _test = new(o => o with { SegmentBytes = 40 << 10, Compress = false });

    // Three segments. Each that is finished has a head soon behind its end; where, the log's own loop decides.
    public async ValueTask InitializeAsync()
    {
        await _test.OpenAsync();
        for (var i = 0; i < 10; i++)
        {
            _test.Sign((ulong)(i * 100), count: 100);
            await _test.Log.SettleAsync();
        }

        await _test.Log.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void Removed_segments_are_named()
    {
        var segments = _test.Segments();
        Assert.True(segments.Count >= 3, "the test needs three segments");
        using (var copy = new LogCopy(_test))
        {
            copy.Delete(segments[1].Number);
            Assert.StartsWith("segments 2 to 2 (events ", copy.Verify().Findings[0].Text, StringComparison.Ordinal);
        }

        using (var copy = new LogCopy(_test))
        {
            copy.Delete(segments[0].Number);
            Assert.Contains("no cut record accounts for them", copy.Verify().Findings[0].Text, StringComparison.Ordinal);
        }

        using (var copy = new LogCopy(_test))
        {
            copy.Delete(segments[^1].Number);
            Assert.StartsWith("the tail is cut off", copy.Verify(_test.Newest!).Findings[0].Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bytes_behind_the_end_of_a_finished_segment_are_seen()
    {
        using var copy = new LogCopy(_test);
        copy.Append(1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
        Assert.False(copy.Verify().IsIntact);
    }
}
