using System.Globalization;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>Moments that are drawn. The seed is printed; STRONGROOM_SEED repeats a run as far as the machine does.</summary>
internal sealed class Chance
{
    private uint _state;

    public Chance()
    {
        var seed = Environment.GetEnvironmentVariable("STRONGROOM_SEED") is { } given ? uint.Parse(given, CultureInfo.InvariantCulture) : (uint)Environment.TickCount | 1;
        Console.WriteLine($"{TestContext.Current.TestMethod?.MethodName}: STRONGROOM_SEED={seed}");
        _state = seed;
    }

    /// <summary>0 to <paramref name="below"/> - 1, by Marsaglia's xorshift.</summary>
    public int Next(int below)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)(_state % (uint)below);
    }
}
