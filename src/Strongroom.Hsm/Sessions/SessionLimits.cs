namespace Strongroom.Hsm.Sessions;

/// <summary>Bounds of what instances may hold, so that none can take the HSM's memory.</summary>
internal static class SessionLimits
{
    /// <summary>Instances known at once.</summary>
    public const int Instances = 16_384;

    /// <summary>Sessions of one instance (CloudHSM: 1,024).</summary>
    public const int SessionsPerInstance = 4_096;

    /// <summary>Sessions of all instances.</summary>
    public const int Sessions = 262_144;

    /// <summary>Session objects of one instance.</summary>
    public const int ObjectsPerInstance = 16_384;

    /// <summary>Session objects of all instances.</summary>
    public const int Objects = 262_144;

    /// <summary>Operations in parts of all instances.</summary>
    public const int Operations = 65_536;

    /// <summary>Numbers of session objects that an instance's retries may name.</summary>
    public const int RecentCreations = 4_096;

    /// <summary>How long an instance without connections is kept, so that a client that reconnects finds its sessions.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMinutes(1);
}
