using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Strongroom.Server.Supervision;

/// <summary>The few calls of the C library that .NET has no name for.</summary>
internal static partial class Signals
{
    private const int Terminate = 15;
    private const int Kill = 9;

    // ESRCH: there is no such process (any more), which is what the signal was for.
    private const int NoSuchProcess = 3;

    public static void AskToEnd(int pid) => Send(pid, Terminate);

    public static void End(int pid) => Send(pid, Kill);

    /// <summary>Leaves the terminal: a session of our own, which no Ctrl-C of the shell reaches.</summary>
    public static void LeaveTerminal() => _ = NativeSetSession();

    private static void Send(int pid, int signal)
    {
        if (pid <= 1)
        {
            throw new ArgumentOutOfRangeException(nameof(pid), pid, "no process of ours");
        }

        if (NativeKill(pid, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
        {
            throw new Win32Exception(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int NativeKill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int NativeSetSession();
}
