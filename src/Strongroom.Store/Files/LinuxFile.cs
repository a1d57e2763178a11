using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strongroom.Store.Files;

/// <summary>The few calls of Linux that .NET has no name for.</summary>
internal static unsafe partial class LinuxFile
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000;      // AT_EMPTY_PATH
    private const uint BasicStatus = 0x7ff;    // STATX_BASIC_STATS
    private const int NoSuchFile = 2;          // ENOENT

    // Looked up in the whole program, as the linker does for SQLite's own calls, so that what is preloaded to watch or to forget syncs gets these too.
    private static readonly delegate* unmanaged<int, int> FdataSync = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "fdatasync");
    private static readonly delegate* unmanaged<int, int> FSync = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "fsync");

    /// <summary>What lies at a path now, or null if nothing.</summary>
    public static FileStamp? Stat(string path)
    {
        var buffer = stackalloc byte[256];
        if (statx(CurrentDirectory, path, 0, BasicStatus, buffer) == 0)
        {
            return Read(buffer);
        }
        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchFile ? null : throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>What an open file is.</summary>
    public static FileStamp Stat(SafeFileHandle file)
    {
        var buffer = stackalloc byte[256];
        return statx((int)file.DangerousGetHandle(), "", EmptyPath, BasicStatus, buffer) == 0
            ? Read(buffer)
            : throw new IOException($"statx: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Makes a file's bytes durable, but not its times: an fsync would write the inode's journal for those at every commit.</summary>
    public static void SyncData(SafeFileHandle file, string path)
    {
        Marshal.SetLastSystemError(0);
        if (FdataSync((int)file.DangerousGetHandle()) != 0)
        {
            throw new StoreException($"{path}: fdatasync failed ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastSystemError())}); what was written since the last one may be lost.");
        }
    }

    /// <summary>Makes a directory's entries durable.</summary>
    public static void SyncDirectory(string path)
    {
        var directory = open(path, 0x10000 | 0x80000); // O_RDONLY | O_DIRECTORY | O_CLOEXEC
        try
        {
            if (directory < 0 || FSync(directory) != 0)
            {
                throw new StoreException($"{path}: open or fsync of the directory failed ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastSystemError())}).");
            }
        }
        finally
        {
            if (directory >= 0)
            {
                _ = close(directory);
            }
        }
    }

    /// <summary>Lets only the file's owner read and write it.</summary>
    public static void MakePrivate(SafeFileHandle file, string path)
    {
        const uint OwnerReadsAndWrites = 0x180; // 0600
        if (fchmod((int)file.DangerousGetHandle(), OwnerReadsAndWrites) != 0)
        {
            throw new IOException($"{path}: fchmod: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    // struct statx (statx(2)); its layout is the same on every architecture.
    private static FileStamp Read(byte* status) => new(
        new(*(uint*)(status + 136), *(uint*)(status + 140), *(ulong*)(status + 32)),
        *(long*)(status + 40),
        *(long*)(status + 112),
        *(uint*)(status + 120));

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(int file, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int close(int file);
}
