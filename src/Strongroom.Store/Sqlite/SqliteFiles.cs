using Strongroom.Store.Files;

namespace Strongroom.Store.Sqlite;

/// <summary>The files of one database, and which files they were when it was opened: files that are renamed away under an open process go on swallowing its commits, which nobody will ever read.</summary>
internal sealed class SqliteFiles(string database)
{
    private FileStamp[] _opened = [];

    public string Database { get; } = database;

    public string Wal => Database + "-wal";

    /// <summary>The writers' queue; see <see cref="TurnLock"/>.</summary>
    public string Lock => Database + "-lock";

    /// <summary>The WAL's index, mapped into memory by all who have the database open.</summary>
    public string Shm => Database + "-shm";

    private string[] Watched => [Database, Wal, Shm];

    /// <summary>Notes which files they are. The connection must have opened them all.</summary>
    public void Remember() => _opened = [.. Watched.Select(path => LinuxFile.Stat(path) ?? throw Missing(path))];

    /// <summary>Compares device and inode of each file with those that were opened, and that the shared memory is still whole: who reads behind its end is killed by the kernel (SIGBUS).</summary>
    /// <exception cref="StoreDamagedException">Another file lies there, or none; names it.</exception>
    public void Check()
    {
        for (var i = 0; i < _opened.Length; i++)
        {
            var path = Watched[i];
            var found = LinuxFile.Stat(path) ?? throw Missing(path);
            if (found.Identity != _opened[i].Identity)
            {
                throw new StoreDamagedException(path, "another file was put in its place while this process had it open");
            }
            if (path == Shm && found.Size < _opened[i].Size)
            {
                throw new StoreDamagedException(path, "the file was cut while this process had it open");
            }
        }
    }

    private static StoreDamagedException Missing(string path) => new(path, "the file was removed or renamed while this process had it open");
}
