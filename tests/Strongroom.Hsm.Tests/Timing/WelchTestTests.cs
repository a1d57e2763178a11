namespace Strongroom.Hsm.Tests.Timing;

/// <summary>The measure itself, on numbers that a generator drew: no clock is asked.</summary>
public sealed class WelchTestTests
{
    private ulong _state = 20261125;

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, true)]
    [InlineData(20, true)]
    public void A_shift_is_found_under_noise_with_a_long_tail_and_none_is_not(int shift, bool found)
    {
        var samples = Enumerable.Range(0, 40_000).Select(_ =>
        {
            var isSecond = Draw(2) == 1;
            var tail = Draw(50) == 0 ? Draw(100_000) : 0;
            return (1000L + Draw(40) + Draw(40) + Draw(40) + tail + (isSecond ? shift : 0), isSecond);
        }).ToList();
        Assert.Equal(found, WelchTest.GreatestT(samples) > WelchTest.Threshold);
    }

    // Knuth's linear congruential generator: the same numbers in each run.
    private int Draw(int below) => (int)(((_state = _state * 6364136223846793005 + 1442695040888963407) >> 33) % (ulong)below);
}
