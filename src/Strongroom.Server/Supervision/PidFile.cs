using System.Globalization;
using Strongroom.Server.Deployment;

namespace Strongroom.Server.Supervision;

/// <summary>
/// supervisor.lock and supervisor.pid: the lock says that a supervisor lives, the pid file which process that is. Without the lock the pid file is
/// stale and means nothing. They are two files because .NET's own advisory lock would keep readers from the content.
/// </summary>
internal sealed class PidFile : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly FileStream _held;
    private readonly Layout _layout;

    private PidFile(FileStream held, Layout layout) => (_held, _layout) = (held, layout);

    /// <summary>Takes the lock and writes our process id; null if another supervisor has it.</summary>
    public static PidFile? TryTake(Layout layout)
    {
        // Whoever only asks for the holder has the lock for a moment, too; so one failure proves nothing.
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        FileStream? held;
        while ((held = TryLock(layout)) is null && Environment.TickCount64 < until)
        {
            Thread.Sleep(20);
        }

        if (held is null)
        {
            return null;
        }

        PrivateFile.Write(layout.PidFile, $"{Environment.ProcessId}\n", PrivateFile.Everyone);
        return new PidFile(held, layout);
    }

    /// <summary>The process that supervises DIR now; null if none does.</summary>
    public static int? Holder(Layout layout)
    {
        if (!File.Exists(LockFile(layout)))
        {
            return null;
        }

        using (var free = TryLock(layout))
        {
            if (free is not null)
            {
                return null;
            }
        }

        return File.Exists(layout.PidFile) && int.TryParse(File.ReadAllText(layout.PidFile).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
    }

    /// <summary>Whether DIR still has the lock that we hold: not if it was removed under us, or removed and made anew.</summary>
    public bool IsInPlace() => Holder(_layout) == Environment.ProcessId;

    public void Dispose()
    {
        if (IsInPlace())
        {
            File.Delete(_layout.PidFile);
        }

        _held.Dispose();
    }

    private static string LockFile(Layout layout) => Path.ChangeExtension(layout.PidFile, ".lock");

    private static FileStream? TryLock(Layout layout)
    {
        try
        {
            return new FileStream(LockFile(layout), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(LockFile(layout)))
        {
            return null;
        }
    }
}
