using Strongroom.Server.Supervision;

namespace Strongroom.Server.Tests.Supervision;

public sealed class BackOffTests
{
    [Fact]
    public void The_first_death_is_answered_at_once_and_the_next_ones_ever_later_up_to_a_limit()
    {
        var backOff = new BackOff();
        var waits = Enumerable.Range(0, 12).Select(_ => backOff.After(TimeSpan.FromSeconds(1)).TotalSeconds).ToArray();

        Assert.Equal([0, 0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30], waits);
    }

    [Fact]
    public void A_program_that_lived_well_starts_the_count_anew()
    {
        var backOff = new BackOff();
        for (var i = 0; i < 5; i++)
        {
            backOff.After(TimeSpan.Zero);
        }

        Assert.Equal(TimeSpan.Zero, backOff.After(BackOff.Healthy));
        Assert.Equal(BackOff.First, backOff.After(TimeSpan.Zero));
    }
}
