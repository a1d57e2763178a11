using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strongroom.Hsm.Audit;

// A file's name is durable when its directory is fsynced, which .NET can't open.
internal static partial class LogDirectory
{
    public static void Sync(string path)
    {
        const int ReadOnlyDirectory = 0x10000 | 0x80000;   // O_RDONLY | O_DIRECTORY | O_CLOEXEC
        using var directory = open(path, ReadOnlyDirectory);
        if (directory.IsInvalid)
        {
            throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        RandomAccess.FlushToDisk(directory);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);
}
