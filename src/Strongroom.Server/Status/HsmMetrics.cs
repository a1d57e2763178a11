namespace Strongroom.Server.Status;

/// <summary>Those of an HSM's metrics that the status table shows.</summary>
internal static class HsmMetrics
{
    private const string Operations = "strongroom_operations_total{";

    public static ulong? Users(IReadOnlyDictionary<string, ulong> counters) => Get(counters, "strongroom_users");

    public static ulong? Keys(IReadOnlyDictionary<string, ulong> counters) => Get(counters, "strongroom_keys");

    public static ulong? Sessions(IReadOnlyDictionary<string, ulong> counters) => Get(counters, "strongroom_sessions");

    /// <summary>Signatures made since the process started, by all mechanisms.</summary>
    public static ulong? Signatures(IReadOnlyDictionary<string, ulong> counters) =>
        counters.Count == 0 ? null : counters.Where(counter => IsSignature(counter.Key)).Aggregate(0UL, (sum, counter) => sum + counter.Value);

    private static bool IsSignature(string name) =>
        name.StartsWith(Operations, StringComparison.Ordinal) && name.Contains("use=\"sign\"", StringComparison.Ordinal) && name.Contains("result=\"ok\"", StringComparison.Ordinal);

    private static ulong? Get(IReadOnlyDictionary<string, ulong> counters, string name) => counters.TryGetValue(name, out var value) ? value : null;
}
