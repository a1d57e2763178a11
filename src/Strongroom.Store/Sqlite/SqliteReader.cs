using Microsoft.Data.Sqlite;

namespace Strongroom.Store.Sqlite;

/// <summary>A reading connection. Several threads may use it; they take turns.</summary>
internal sealed class SqliteReader(SqliteFiles files) : IDisposable
{
    /// <summary>Changes that one catching up tells at most, give or take a commit.</summary>
    private const int ChangesAtOnce = 4096;

    private readonly SqliteConnection _connection = SqliteDatabase.OpenReader(files.Database);

    // A connection is not for two threads at once. Held over the native calls of one reading, which are short; nobody holds it across an await.
    private readonly Lock _lock = new();

    /// <summary>Changes when another connection, of any process, has committed.</summary>
    public long DataVersion() => Reading(() => SqliteDatabase.Number(_connection, "PRAGMA data_version"));

    public Revision Revision() => Reading(() => new Revision(SqliteDatabase.Number(_connection, "SELECT revision FROM state")));

    public ReadPage Read(ReadRequest request) => InTransaction(() =>
    {
        var (revision, compacted) = State();
        var at = request.At ?? revision;
        if (at < compacted || at > revision)
        {
            return new ReadPage(null, at, null, compacted);
        }
        var page = Live(request, out var more);
        var next = more ? page[^1].Path : null;
        return new ReadPage(at < revision ? AsBefore(page, at, request, next) : page, at, next, compacted);
    });

    public WatchResult ChangesAfter(string prefix, Revision after) => InTransaction(() =>
    {
        var (revision, compacted) = State();
        if (revision < after)
        {
            throw new StoreDamagedException(files.Database, $"the store went back from revision {after} to {revision} while this process had it open");
        }
        if (after < compacted)
        {
            return new WatchResult(null, after);
        }
        using var command = Command("SELECT place >> 8, path, value FROM changes WHERE place >= $first ORDER BY place", SqliteWriter.Place(new(after.Value + 1)));
        using var reader = command.ExecuteReader();
        var changes = new List<StoreChange>();
        var upTo = after;
        for (var read = 0; reader.Read(); read++)
        {
            var at = new Revision(reader.GetInt64(0));
            if (at != upTo && read >= ChangesAtOnce)
            {
                return new WatchResult(changes, upTo);
            }
            upTo = at;
            var path = reader.GetString(1);
            if (path.StartsWith(prefix, StringComparison.Ordinal))
            {
                changes.Add(reader.IsDBNull(2) ? new(path, null, at) : new(path, reader.GetFieldValue<byte[]>(2), at));
            }
        }
        return new WatchResult(changes, revision);
    });

    public void Dispose() => _connection.Dispose();

    private List<StoredRecord> Live(ReadRequest request, out bool more)
    {
        // One lower bound only: of two, SQLite seeks to the one and steps over everything up to the other.
        using var command = request.After is { } after
            ? Command("SELECT path, value, revision FROM records WHERE path > $after AND path < $end ORDER BY path LIMIT $limit", after, End(request.Prefix), request.Limit + 1)
            : Command("SELECT path, value, revision FROM records WHERE path >= $prefix AND path < $end ORDER BY path LIMIT $limit", request.Prefix, End(request.Prefix), request.Limit + 1);
        using var reader = command.ExecuteReader();
        var page = new List<StoredRecord>(Math.Min(request.Limit, 1024));
        while (reader.Read())
        {
            if (page.Count == request.Limit)
            {
                more = true;
                return page;
            }
            page.Add(new(reader.GetString(0), reader.GetFieldValue<byte[]>(1), new(reader.GetInt64(2))));
        }
        more = false;
        return page;
    }

    // What changed after the asked revision, up to the page's last path, is put back to what its first later change replaced. SQLite takes the other columns from the row that has the minimum (sqlite.org/lang_select.html 2.4).
    private List<StoredRecord> AsBefore(List<StoredRecord> page, Revision at, ReadRequest request, string? last)
    {
        using var command = Command(
            "SELECT path, before, before_revision, min(place) FROM changes WHERE place >= $first AND path >= $prefix AND path < $end AND path > $after AND ($last IS NULL OR path <= $last) GROUP BY path",
            SqliteWriter.Place(new(at.Value + 1)), request.Prefix, End(request.Prefix), request.After ?? "", (object?)last ?? DBNull.Value);
        using var reader = command.ExecuteReader();
        var then = new SortedDictionary<string, StoredRecord>(page.ToDictionary(record => record.Path), StringComparer.Ordinal);
        while (reader.Read())
        {
            var path = reader.GetString(0);
            if (reader.IsDBNull(1))
            {
                then.Remove(path);
            }
            else
            {
                then[path] = new(path, reader.GetFieldValue<byte[]>(1), new(reader.GetInt64(2)));
            }
        }
        return [.. then.Values];
    }

    private (Revision Revision, Revision Compacted) State()
    {
        using var command = Command("SELECT revision, compacted FROM state");
        using var reader = command.ExecuteReader();
        return reader.Read() ? (new(reader.GetInt64(0)), new(reader.GetInt64(1))) : throw new StoreDamagedException(files.Database, "the row with the store's revision is gone");
    }

    // Paths are printable ASCII, so what follows them all is the first character behind it.
    private static string End(string prefix) => prefix + "\u007f";

    private T InTransaction<T>(Func<T> read) => Reading(() =>
    {
        SqliteDatabase.Execute(_connection, "BEGIN");
        try
        {
            return read();
        }
        finally
        {
            SqliteDatabase.Execute(_connection, "COMMIT");
        }
    });

    private T Reading<T>(Func<T> read)
    {
        lock (_lock)
        {
            try
            {
                return read();
            }
            catch (Exception failed) when (SqliteErrors.Translate(failed, files) is { } cause)
            {
                throw cause;
            }
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts stand in this file; values are bound.
        command.CommandText = sql;
#pragma warning restore CA2100
        var at = 0;
        foreach (var value in values)
        {
            at = sql.IndexOf('$', at) + 1;
            var end = at;
            while (end < sql.Length && char.IsAsciiLetter(sql[end]))
            {
                end++;
            }
            command.Parameters.AddWithValue(sql[(at - 1)..end], value);
        }
        return command;
    }
}
