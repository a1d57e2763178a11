namespace Strongroom.Hsm.Audit;

/// <summary>An audit log's figures for /metrics.</summary>
internal static class AuditCounters
{
    public static IEnumerable<Counter> Of(AuditStatus s) =>
    [
        new("strongroom_audit_events_total", s.Sequence),
        new("strongroom_audit_refused_total", (ulong)s.Refused),
        new("strongroom_audit_unlogged_total", (ulong)s.Unlogged),
        new("strongroom_audit_writes_total", (ulong)s.Writes),
        new("strongroom_audit_fsyncs_total", (ulong)s.Syncs),
        new("strongroom_audit_reboots_total", s.Reboot),
        new("strongroom_audit_used_bytes", (ulong)s.Used, IsGauge: true),
        new("strongroom_audit_capacity_bytes", (ulong)s.Capacity, IsGauge: true),
        new("strongroom_audit_full", s.IsFull ? 1UL : 0UL, IsGauge: true),
        new("strongroom_audit_failing", s.Failure is null ? 0UL : 1UL, IsGauge: true),
        new("strongroom_audit_unkept_events", s.Sequence - Math.Min(s.Sequence, s.Kept?.Sequence ?? 0), IsGauge: true),
    ];
}
