using Microsoft.Data.Sqlite;

namespace Strongroom.Store.Sqlite;

/// <summary>Turns SQLite's result codes (sqlite.org/rescode.html) into the store's own exceptions, each saying the cause and the file.</summary>
internal static class SqliteErrors
{
    public static StoreException Translate(SqliteException error, SqliteFiles files) => (error.SqliteErrorCode, error.SqliteExtendedErrorCode) switch
    {
        (13, _) or (_, 4874) => new StoreFullException(files.Database, error), // SQLITE_FULL; SQLITE_IOERR_SHMSIZE: the shared-memory file could not grow
        (5 or 6, _) => new StoreBusyException($"{files.Database} is locked by something that does not queue with the HSMs ({error.Message})"),
        (_, 1032) => new StoreDamagedException(files.Database, "the file was renamed or removed while this process had it open", error), // SQLITE_READONLY_DBMOVED
        (11 or 26, _) => new StoreDamagedException(files.Database, $"not a sound SQLite database ({error.Message})", error), // SQLITE_CORRUPT, SQLITE_NOTADB
        (_, 522) => new StoreDamagedException(files.Database, "the file is shorter than its own header says", error), // SQLITE_IOERR_SHORT_READ
        (14, _) => new StoreDamagedException(files.Database, "the file, or its WAL, can't be opened", error), // SQLITE_CANTOPEN
        (1, _) when error.Message.Contains("no such table", StringComparison.Ordinal) => new StoreDamagedException(files.Database, $"a table is gone ({error.Message})", error),
        _ => new StoreException($"{files.Database}: {error.Message} (SQLite {error.SqliteExtendedErrorCode})", error),
    };
}
