using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Strongroom.Store.Sqlite;

/// <summary>
/// The form of a cluster's database and how it is opened.
/// records: the live records. changes: the history, one row a change under revision × 256 + its number in the commit, with the value it replaced, so that the near past can be read too. state: one row.
/// </summary>
internal static class SqliteDatabase
{
    /// <summary>PRAGMA application_id: "SROM".</summary>
    private const int ApplicationId = 0x53524f4d;

    /// <summary>PRAGMA user_version: raised when the tables change; old forms are migrated at opening.</summary>
    private const int FormatVersion = 1;

    private const string Schema = """
        CREATE TABLE state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            revision INTEGER NOT NULL,
            compacted INTEGER NOT NULL,
            history_bytes INTEGER NOT NULL);
        INSERT INTO state VALUES (1, 0, 0, 0);
        CREATE TABLE records (
            path TEXT NOT NULL PRIMARY KEY,
            revision INTEGER NOT NULL,
            value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE changes (
            place INTEGER PRIMARY KEY,
            path TEXT NOT NULL,
            value BLOB,
            before BLOB,
            before_revision INTEGER NOT NULL);
        """;

    /// <summary>Makes an empty database.</summary>
    /// <exception cref="IOException">Something is already there.</exception>
    public static void Create(string path)
    {
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            Files.LinuxFile.MakePrivate(file, path);
        }
        using (var connection = Connect(path, readOnly: false))
        {
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; BEGIN IMMEDIATE;");
            Execute(connection, Schema);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={ApplicationId}; PRAGMA user_version={FormatVersion}; COMMIT;"));
        }
        Files.LinuxFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    public static SqliteConnection OpenWriter(string path, SqliteStoreOptions options)
    {
        var connection = Connect(path, readOnly: false);
        Execute(connection, "PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;");
        Verify(connection, path);
        if (options.MaximumPages is { } pages)
        {
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count={pages}"));
        }
        return connection;
    }

    public static SqliteConnection OpenReader(string path)
    {
        // Not opened read-only: a reader of a WAL database writes its marks into the shared-memory file.
        var connection = Connect(path, readOnly: false);
        Execute(connection, "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;");
        return connection;
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text comes from this folder and holds no value from outside.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Connect(string path, bool readOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 5, // seconds; writers queue on the lock file, so this is for what does not
        }.ToString());
        connection.Open();
        return connection;
    }

    private static void Verify(SqliteConnection connection, string path)
    {
        if (Number(connection, "PRAGMA application_id") != ApplicationId)
        {
            throw new StoreDamagedException(path, "not a store of Strongroom");
        }
        if (Number(connection, "PRAGMA user_version") is var version && version != FormatVersion)
        {
            throw new StoreDamagedException(path, $"a store of form {version}, which is not known to this program");
        }
    }
}
