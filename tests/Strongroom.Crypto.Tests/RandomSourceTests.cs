namespace Strongroom.Crypto.Tests;

public sealed class RandomSourceTests
{
    [Fact]
    public void Requests_of_any_length_are_filled_to_their_end()
    {
        foreach (var length in new[] { 0, 1, 31, 65_536, 65_537, 300_000 })
        {
            var output = new byte[length + 1];
            RandomSource.Fill(output.AsSpan(0, length));
            Assert.Equal(0, output[length]);
            if (length > 31)
            {
                Assert.True(output.AsSpan(length - 32, 32).IndexOfAnyExcept((byte)0) >= 0);
            }
        }
    }

    [Fact]
    public void No_two_draws_of_any_thread_are_equal()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        Parallel.For(0, 2000, _ =>
        {
            var draw = new byte[16];
            RandomSource.FillSecret(draw);
            Assert.True(seen.TryAdd(Convert.ToHexString(draw), true));
        });
    }

    [Fact]
    public void A_seed_does_not_make_the_output_predictable()
    {
        var (first, second) = (new byte[32], new byte[32]);
        RandomSource.AddSeed("the same seed"u8);
        RandomSource.Fill(first);
        RandomSource.AddSeed("the same seed"u8);
        RandomSource.Fill(second);
        Assert.NotEqual(first, second);
    }
}
