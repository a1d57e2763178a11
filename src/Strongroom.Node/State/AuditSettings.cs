using System.Text.Json.Serialization;
using Strongroom.Hsm.Audit;

namespace Strongroom.Node.State;

/// <summary>How an HSM keeps its audit log: "audit" in hsm.json, read at the HSM's start. The log itself is in the state directory's folder audit.</summary>
internal sealed record AuditSettings
{
    private const int MiB = 1 << 20;
    private const int MostReceivers = 8;

    /// <summary>kernel: an operation is acknowledged when the kernel has its event; durable: when the event is fsynced.</summary>
    [JsonPropertyName("mode")]
    public AuditMode Mode { get; init; } = AuditMode.Kernel;

    /// <summary>refuse: without room no key is used; continue: keys are used unlogged, and how often is counted.</summary>
    [JsonPropertyName("whenFull")]
    public AuditFull WhenFull { get; init; } = AuditFull.Refuse;

    /// <summary>Room for the whole log in MiB, at least twice a segment.</summary>
    [JsonPropertyName("capacityMiB")]
    public long CapacityMiB { get; init; } = 8192;

    /// <summary>Size of a segment in MiB; one more is always set aside.</summary>
    [JsonPropertyName("segmentMiB")]
    public int SegmentMiB { get; init; } = 32;

    /// <summary>Days after which segments are removed; null: never.</summary>
    [JsonPropertyName("keepDays")]
    public int? KeepDays { get; init; }

    /// <summary>Where events also go.</summary>
    [JsonPropertyName("forward")]
    public IReadOnlyList<ForwardSettings> Forward { get; init; } = [];

    /// <summary>Why this can't be; null if it can.</summary>
    public string? Check() => this switch
    {
        { SegmentMiB: < 1 or > 1024 } => "audit.segmentMiB is 1 to 1024",
        _ when CapacityMiB < 2L * SegmentMiB || CapacityMiB > 1L << 30 => "audit.capacityMiB is at least twice audit.segmentMiB, and at most 1 PiB",
        { KeepDays: < 1 or > 36_500 } => "audit.keepDays is 1 to 36500, or is left out",
        _ when !Enum.IsDefined(Mode) || !Enum.IsDefined(WhenFull) => "audit.mode is kernel or durable, audit.whenFull refuse or continue",
        { Forward: null or { Count: > MostReceivers } } => $"audit.forward has at most {MostReceivers} receivers",
        _ when Forward.DistinctBy(f => f?.Name).Count() < Forward.Count => "audit.forward: two receivers have one name",
        _ => Forward.Select(f => f is null ? "audit.forward: a receiver is missing" : f.Check()).FirstOrDefault(cause => cause is not null),
    };

    /// <summary>The same for the log's writer.</summary>
    public AuditOptions ToOptions(string directory, string cluster, string hsm, TimeProvider clock, Action<string> notice) => new(directory, cluster, hsm)
    {
        Mode = Mode,
        WhenFull = WhenFull,
        Capacity = CapacityMiB * MiB,
        SegmentBytes = (long)SegmentMiB * MiB,
        Keep = KeepDays is { } days ? TimeSpan.FromDays(days) : null,
        Clock = clock,
        Notice = notice,
    };
}
