using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strongroom.Store.Files;

/// <summary>
/// A lock on one byte of an open file, fcntl(2) F_OFD_SETLK: it belongs to the open file, not to the process, so it ends with the file and no other descriptor of this process can end it by accident. Waiting threads sleep in the kernel.
/// </summary>
internal static unsafe partial class RangeLock
{
    private const int OfdSetLock = 37;
    private const int OfdSetLockWait = 38;
    private const short ReadLock = 0;
    private const short WriteLock = 1;
    private const short Unlock = 2;
    private const int Interrupted = 4;  // EINTR
    private const int TryAgain = 11;    // EAGAIN
    private const int AccessDenied = 13; // EACCES: POSIX lets it mean the same

    public static bool TryTake(SafeFileHandle file, long place) => Call(file, OfdSetLock, WriteLock, place);

    /// <summary>Blocks until the lock is there.</summary>
    public static void Take(SafeFileHandle file, long place)
    {
        while (!Call(file, OfdSetLockWait, WriteLock, place))
        {
        }
    }

    /// <summary>Takes the lock together with others who share it; what this file had alone becomes shared.</summary>
    public static bool TryShare(SafeFileHandle file, long place) => Call(file, OfdSetLock, ReadLock, place);

    public static void Give(SafeFileHandle file, long place) => Call(file, OfdSetLock, Unlock, place);

    private static bool Call(SafeFileHandle file, int command, short type, long place)
    {
        var request = new LockRequest { Type = type, Start = place, Length = 1 };
        if (fcntl((int)file.DangerousGetHandle(), command, &request) == 0)
        {
            return true;
        }
        var error = Marshal.GetLastPInvokeError();
        return error is TryAgain or AccessDenied or Interrupted ? false : throw new IOException($"fcntl: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    // struct flock of 64-bit Linux.
    [StructLayout(LayoutKind.Sequential)]
    private struct LockRequest
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int file, int command, LockRequest* request);
}
