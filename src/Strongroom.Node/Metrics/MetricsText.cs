using System.Globalization;
using System.Text;
using Strongroom.Hsm;

namespace Strongroom.Node.Metrics;

/// <summary>Prometheus' text format, version 0.0.4.</summary>
internal static class MetricsText
{
    /// <summary>Renders counters and histograms; those of one name stand together under one HELP and one TYPE line, as the format asks.</summary>
    public static string Render(IEnumerable<Counter> counters, IEnumerable<Histogram> histograms)
    {
        var text = new StringBuilder();
        foreach (var family in counters.GroupBy(c => c.Name.Split('{')[0]))
        {
            Head(text, family.Key, family.First().IsGauge ? "gauge" : "counter");
            foreach (var counter in family)
            {
                text.Append(counter.Name).Append(' ').Append(counter.Value).Append('\n');
            }
        }

        foreach (var family in histograms.GroupBy(h => h.Name))
        {
            Head(text, family.Key, "histogram");
            foreach (var histogram in family)
            {
                Render(text, histogram);
            }
        }

        return text.ToString();
    }

    private static void Head(StringBuilder text, string name, string type) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(MetricsHelp.Of(name)).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    // Each class counts all that are not above its bound, so the last one counts everything.
    private static void Render(StringBuilder text, Histogram histogram)
    {
        var below = 0UL;
        var (labels, alone) = histogram.Labels.Length > 0 ? (histogram.Labels + ",", $"{{{histogram.Labels}}}") : ("", "");
        for (var i = 0; i < histogram.Counts.Count; i++)
        {
            below += histogram.Counts[i];
            var bound = i < histogram.Bounds.Count ? histogram.Bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{histogram.Name}_bucket{{{labels}le=\"{bound}\"}} {below}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{histogram.Name}_sum{alone} {histogram.Sum:R}\n{histogram.Name}_count{alone} {below}\n");
    }
}
