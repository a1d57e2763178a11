namespace Strongroom.Bench;

/// <summary>Everything measured, with the median over the rounds for what is quoted.</summary>
internal sealed class Results(Plan plan)
{
    private readonly List<Measurement> _measurements = [];
    private readonly List<Reference> _references = [];

    public Plan Plan { get; } = plan;

    /// <summary>Null until it is measured.</summary>
    public AuditCost? AuditCost { get; set; }

    /// <summary>Empty until they are measured.</summary>
    public IReadOnlyList<Population> Populations { get; set; } = [];

    public void Add(Measurement measurement) => _measurements.Add(measurement);

    public void AddReference(Reference reference) => _references.Add(reference);

    public double P256Reference => Median(_references.Select(r => r.P256));

    public double Rsa2048Reference => Median(_references.Select(r => r.Rsa2048));

    public Measurement? Of(string subject, Work work)
    {
        var all = _measurements.Where(m => m.Subject == subject && m.Work == work).ToList();
        return all.Count == 0 ? null : new Measurement(subject, work, Median(all.Select(m => m.PerSecond)), Median(all.Select(m => m.P50)), Median(all.Select(m => m.P99)),
            all.Max(m => m.Max), all.Sum(m => m.Failures), Median(all.Select(m => m.ClientCpu)), Median(all.Select(m => m.HsmCpu)));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
