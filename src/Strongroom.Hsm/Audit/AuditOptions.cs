namespace Strongroom.Hsm.Audit;

/// <summary>When an operation counts as logged.</summary>
public enum AuditMode
{
    /// <summary>When the kernel has it: survives the HSM's death, not the host's. Management events are fsynced all the same.</summary>
    Kernel,

    /// <summary>When it is fsynced: survives power loss. Operations wait for a common fsync.</summary>
    Durable,
}

/// <summary>What happens when the log has no room left.</summary>
public enum AuditFull
{
    /// <summary>Operations are refused until there is room again.</summary>
    Refuse,

    /// <summary>Operations go on unlogged; how many is logged when there is room again.</summary>
    Continue,
}

/// <summary>How an HSM keeps its audit log.</summary>
/// <param name="Directory">Where; made if missing. On the HSM's own disk, under its state directory.</param>
/// <param name="Cluster">Cluster id.</param>
/// <param name="Hsm">HSM id.</param>
public sealed record AuditOptions(string Directory, string Cluster, string Hsm)
{
    public AuditMode Mode { get; init; } = AuditMode.Kernel;

    public AuditFull WhenFull { get; init; } = AuditFull.Refuse;

    /// <summary>Room for the whole log in bytes, compressed segments counted as they are. 8 GiB hold more than 100 million signatures.</summary>
    public long Capacity { get; init; } = 8L << 30;

    /// <summary>Bytes of a segment; the next one is always set aside.</summary>
    public long SegmentBytes { get; init; } = 32L << 20;

    /// <summary>Segments whose last event is older are removed, and a signed record says so. Null: nothing is removed but by hand.</summary>
    public TimeSpan? Keep { get; init; }

    /// <summary>Whether finished segments are compressed.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>How often a head is signed, if there was an event; also bounds what a power loss can take in <see cref="AuditMode.Kernel"/>.</summary>
    public TimeSpan HeadInterval { get; init; } = TimeSpan.FromSeconds(1);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The host kernel's boot id, by which a restart of the host is told from one of the process.</summary>
    public Guid HostBoot { get; init; } = Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id"));

    /// <summary>Takes what the HSM's operator should read. Must not wait.</summary>
    public Action<string> Notice { get; init; } = _ => { };
}
