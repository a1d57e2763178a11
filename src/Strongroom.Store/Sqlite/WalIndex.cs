using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Strongroom.Store.Sqlite;

/// <summary>
/// The WAL's index, which lies in shared memory (the file -shm; sqlite.org/walformat.html 2). SQLite believes it without a check: a page number changed there makes a writer take an old page for the newest, and the next commit loses what was acknowledged
/// since. Only writers change it, but for the readers' marks; so within a turn its checksum must be what the last writer's turn left.
/// It is read where SQLite has mapped it: a descriptor of our own would, when closed, end SQLite's locks on the file (fcntl(2)).
/// </summary>
internal sealed unsafe partial class WalIndex
{
    private const int FilePointer = 7; // SQLITE_FCNTL_FILE_POINTER
    private const int ShmMap = 13; // place of xShmMap in sqlite3_io_methods
    private const int RegionSize = 32768;
    private const int ReadMarks = 100; // aReadMark and the bytes that are locked, not written
    private const int AfterReadMarks = 128;

    private readonly nint _file;
    private readonly delegate* unmanaged<nint, int, int, int, byte**, int> _map;

    /// <param name="connection">Stays open as long as this is used.</param>
    /// <exception cref="StoreException">SQLite does not say where it is.</exception>
    public WalIndex(SqliteConnection connection)
    {
        if (sqlite3_file_control(connection.Handle!.DangerousGetHandle(), "main", FilePointer, out _file) != 0)
        {
            throw new StoreException("SQLite does not tell its file (sqlite3_file_control)");
        }
        _map = (delegate* unmanaged<nint, int, int, int, byte**, int>)(*(nint**)_file)[ShmMap];
    }

    /// <summary>CRC-32C of everything but the readers' marks. Call it within a turn.</summary>
    public uint Checksum()
    {
        var sum = uint.MaxValue;
        byte* region;
        for (var number = 0; _map(_file, number, RegionSize, 0, &region) == 0 && region != null; number++)
        {
            sum = number == 0 ? Add(Add(sum, region, ReadMarks), region + AfterReadMarks, RegionSize - AfterReadMarks) : Add(sum, region, RegionSize);
        }
        return sum;
    }

    private static uint Add(uint sum, byte* bytes, int length)
    {
        var words = MemoryMarshal.Cast<byte, uint>(new ReadOnlySpan<byte>(bytes, length));
        foreach (var pair in MemoryMarshal.Cast<uint, ulong>(words))
        {
            sum = BitOperations.Crc32C(sum, pair);
        }
        return words.Length % 2 == 0 ? sum : BitOperations.Crc32C(sum, words[^1]);
    }

    [LibraryImport("e_sqlite3", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int sqlite3_file_control(nint database, string name, int operation, out nint file);
}
