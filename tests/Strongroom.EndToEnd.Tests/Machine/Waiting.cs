using System.Diagnostics;

namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>Waits for what other processes do.</summary>
public static class Waiting
{
    /// <summary>Asks until the answer is yes; fails the test after <paramref name="within"/>.</summary>
    public static void Until(Func<bool> condition, string what, TimeSpan? within = null)
    {
        var limit = within ?? TimeSpan.FromMinutes(2);
        for (var began = Stopwatch.GetTimestamp(); !condition(); Thread.Sleep(20))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < limit, $"not within {limit.TotalSeconds} s: {what}");
        }
    }
}
