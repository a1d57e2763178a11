using Microsoft.Data.Sqlite;

namespace Strongroom.Store.Sqlite;

/// <summary>Turns SQLite's result codes (sqlite.org/rescode.html) into the store's own exceptions, each saying the cause and the file.</summary>
internal static class SqliteErrors
{
    /// <summary>What reading or writing threw, as the store's own exception; null if it is nothing of SQLite's.</summary>
    public static StoreException? Translate(Exception failed, SqliteFiles files) => failed switch
    {
        SqliteException error => Translate(error, files),

        // A column's type stands in each row, so damage can make a number a text or nothing; SQLite itself does not mind (sqlite.org/fileformat2.html 2.1).
        FormatException or InvalidCastException or OverflowException => NotOfItsType(failed, files),
        InvalidOperationException when failed.Message.Contains("NULL", StringComparison.Ordinal) => NotOfItsType(failed, files),
        _ => null,
    };

    private static StoreDamagedException NotOfItsType(Exception failed, SqliteFiles files) => new(files.Database, $"a column holds something else than it should ({failed.Message.Trim()})", failed);

    private static StoreException Translate(SqliteException error, SqliteFiles files) => (error.SqliteErrorCode, error.SqliteExtendedErrorCode) switch
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
