namespace Strongroom.Hsm;

/// <summary>What a module is told when it opens.</summary>
/// <param name="Cluster">Cluster id.</param>
/// <param name="Hsm">HSM id.</param>
public sealed record ModuleOptions(string Cluster, string Hsm)
{
    /// <summary>The wall clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The clock that no one can set.</summary>
    public BootClock BootClock { get; init; } = BootClock.System;

    /// <summary>Keys kept open at once (unprivileged mlock is 8 MiB).</summary>
    public int LiveKeys { get; init; } = 20_000;

    /// <summary>Whether a FIPS provider is loaded and its self-test ran.</summary>
    public bool FipsProvider { get; init; }

    /// <summary>How the HSM's audit log is kept. Null: there is none, which only tests of the module alone may have.</summary>
    public Audit.AuditSetup? Audit { get; init; }

    /// <summary>Of the software.</summary>
    public Version Version { get; init; } = typeof(ModuleOptions).Assembly.GetName().Version ?? new Version(0, 0);
}
