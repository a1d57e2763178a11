namespace Strongroom.Hsm.Tests.Timing;

/// <summary>
/// Whether two classes of inputs take equally long (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?", 2017): Welch's t of the two means, over all measurements and over those below several percentiles,
/// since interruptions make a long tail. Above 4.5 the classes differ with near certainty.
/// </summary>
internal static class WelchTest
{
    public const double Threshold = 4.5;

    private static readonly double[] Percentiles = [1, 0.99, 0.95, 0.9, 0.75, 0.5, 0.25];

    /// <summary>The greatest |t| over all croppings.</summary>
    /// <param name="samples">ticks, and which class</param>
    public static double GreatestT(IReadOnlyList<(long Ticks, bool Class)> samples)
    {
        var sorted = samples.Select(sample => sample.Ticks).Order().ToArray();
        return Percentiles.Max(percentile => Math.Abs(T(samples, sorted[(int)((sorted.Length - 1) * percentile)])));
    }

    private static double T(IReadOnlyList<(long Ticks, bool Class)> samples, long limit)
    {
        var (first, second) = (new Moments(), new Moments());
        foreach (var (ticks, isSecond) in samples.Where(sample => sample.Ticks <= limit))
        {
            (isSecond ? second : first).Add(ticks);
        }

        var error = Math.Sqrt(first.VarianceOfMean + second.VarianceOfMean);
        return first.Count < 2 || second.Count < 2 ? 0 : first.Mean == second.Mean ? 0 : (first.Mean - second.Mean) / error;
    }

    // Welford's running mean and variance.
    private sealed class Moments
    {
        private double _squares;

        public long Count { get; private set; }

        public double Mean { get; private set; }

        public double VarianceOfMean => _squares / (Count - 1) / Count;

        public void Add(double value)
        {
            var delta = value - Mean;
            Mean += delta / ++Count;
            _squares += delta * (value - Mean);
        }
    }
}
