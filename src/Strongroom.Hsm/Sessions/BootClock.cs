using System.Globalization;
using System.Runtime.InteropServices;

namespace Strongroom.Hsm;

/// <summary>Time that no one can set: how long this machine has run, sleep included, and which of its boots this is.</summary>
public partial class BootClock
{
    private const int ClockBoottime = 7;

    private readonly Guid _bootId = Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), CultureInfo.InvariantCulture);

    protected BootClock()
    {
    }

    /// <summary>The machine's own.</summary>
    public static BootClock System { get; } = new();

    /// <summary>Names this boot of this machine.</summary>
    public virtual Guid BootId => _bootId;

    /// <summary>Since the boot (CLOCK_BOOTTIME).</summary>
    public virtual TimeSpan Now => clock_gettime(ClockBoottime, out Timespec now) == 0
        ? new TimeSpan((now.Seconds * TimeSpan.TicksPerSecond) + (now.Nanoseconds / 100))
        : throw new PlatformNotSupportedException("CLOCK_BOOTTIME can't be read.");

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Timespec time);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
