using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strongroom.Node.State;

/// <summary>Replaces a file so that after a crash either the old or the new content is there, and the new one for certain once this returns.</summary>
internal static partial class DurableFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int ReadOnlyDirectory = 0x10000 | 0x80000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC, Linux x86-64

    /// <summary>Writes beside the file, fsyncs, renames over it, and fsyncs the directory: without the last the rename itself may be lost (rename(2), fsync(2)).</summary>
    /// <exception cref="StateException">any step failed</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var beside = path + ".new";
        try
        {
            using (var file = File.OpenHandle(
                beside, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.None))
            {
                File.SetUnixFileMode(file, OwnerOnly);
                RandomAccess.Write(file, content, 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(beside, path, overwrite: true);
            SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{path} could not be written: {e.Message}", e);
        }
    }

    /// <summary>Makes a directory's entries durable.</summary>
    public static void SyncDirectory(string directory)
    {
        using var handle = new SafeFileHandle(open(directory, ReadOnlyDirectory), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new IOException($"{directory}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        RandomAccess.FlushToDisk(handle); // fsync, by way of .NET's own library: a disk that forgets, put between by a test, sees it
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
}
