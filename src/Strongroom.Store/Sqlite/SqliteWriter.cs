using Microsoft.Data.Sqlite;

namespace Strongroom.Store.Sqlite;

/// <summary>The one writing connection of a store. Used within a turn only, so by one thread at a time.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteFiles _files;
    private readonly SqliteStoreOptions _options;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly SqliteCommand _readState;
    private readonly SqliteCommand _writeState;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _log;
    private readonly SqliteCommand _measure;
    private readonly SqliteCommand _forget;

    public SqliteWriter(SqliteFiles files, SqliteStoreOptions options)
    {
        (_files, _options) = (files, options);
        _connection = SqliteDatabase.OpenWriter(files.Database, options);
        Index = new(_connection);
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _readState = Prepare("SELECT revision, compacted, history_bytes FROM state");
        _writeState = Prepare("UPDATE state SET revision=$revision, compacted=$compacted, history_bytes=$bytes", "$revision", "$compacted", "$bytes");
        _find = Prepare("SELECT revision, value FROM records WHERE path=$path", "$path");
        _put = Prepare("INSERT OR REPLACE INTO records VALUES ($path, $revision, $value)", "$path", "$revision", "$value");
        _delete = Prepare("DELETE FROM records WHERE path=$path", "$path");
        _log = Prepare("INSERT INTO changes VALUES ($place, $path, $value, $before, $revision)", "$place", "$path", "$value", "$before", "$revision");
        _measure = Prepare("SELECT ifnull(sum(ifnull(length(value), 0) + ifnull(length(before), 0)), 0) FROM changes WHERE place BETWEEN $first AND $last", "$first", "$last");
        _forget = Prepare("DELETE FROM changes WHERE place BETWEEN $first AND $last", "$first", "$last");
    }

    /// <summary>The WAL's index, to be looked after.</summary>
    public WalIndex Index { get; }

    /// <summary>Commits, fsyncs, and looks whether the files are still those that were opened.</summary>
    public CommitOutcome Commit(StoreTransaction transaction) => InTransaction(() =>
    {
        var found = new Dictionary<string, (Revision Revision, byte[]? Value)>(transaction.Operations.Count, StringComparer.Ordinal);
        foreach (var compare in transaction.Compares)
        {
            if ((found[compare.Path] = Find(compare.Path)).Revision != compare.Modified)
            {
                return CommitOutcome.Conflict;
            }
        }
        var state = ReadState();
        var revision = new Revision(state.Revision.Value + 1);
        var place = Place(revision);
        foreach (var operation in transaction.Operations)
        {
            var before = found.TryGetValue(operation.Path, out var known) ? known : Find(operation.Path);
            if (operation.Value is null && before.Value is null)
            {
                continue;
            }
            var value = operation.Value?.ToArray();
            if (value is null)
            {
                Run(_delete, operation.Path);
            }
            else
            {
                Run(_put, operation.Path, revision.Value, value);
            }
            Run(_log, place++, operation.Path, (object?)value ?? DBNull.Value, (object?)before.Value ?? DBNull.Value, before.Revision.Value);
            state.HistoryBytes += (value?.Length ?? 0) + (before.Value?.Length ?? 0);
        }
        state.Revision = revision;
        ForgetOldest(ref state);
        WriteState(state);
        return CommitOutcome.Committed(revision);
    });

    public void Compact(Revision upTo) => InTransaction(() =>
    {
        var state = ReadState();
        var target = Math.Min(upTo.Value, state.Revision.Value);
        if (target > state.Compacted.Value)
        {
            Forget(ref state, new(target));
            WriteState(state);
        }
        return CommitOutcome.Committed(state.Revision);
    });

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_begin, _commit, _rollback, _readState, _writeState, _find, _put, _delete, _log, _measure, _forget])
        {
            command.Dispose();
        }
        _connection.Dispose();
    }

    /// <summary>The history's key of a commit's first change; a commit has fewer than 256.</summary>
    internal static long Place(Revision revision) => revision.Value << 8;

    private CommitOutcome InTransaction(Func<CommitOutcome> work)
    {
        try
        {
            _begin.ExecuteNonQuery();
            CommitOutcome outcome;
            try
            {
                outcome = work();
                Fault.Point("sqlite.before-commit");
                (outcome.Status == CommitStatus.Committed ? _commit : _rollback).ExecuteNonQuery();
            }
            catch
            {
                RollBack();
                throw;
            }
            Fault.Point("sqlite.after-commit");
            return outcome;
        }
        catch (Exception failed) when (SqliteErrors.Translate(failed, _files) is { } cause)
        {
            throw cause;
        }
    }

    // Many errors have already ended the transaction (sqlite.org/lang_transaction.html 3.1), and then this one says so.
    private void RollBack()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            _rollback.ExecuteNonQuery();
        }
    }

    // Never more than a few commits at a time, so that no commit pays for a long history; one is added and up to four are forgotten.
    private void ForgetOldest(ref State state)
    {
        for (var i = 0; i < 4; i++)
        {
            var kept = state.Revision.Value - state.Compacted.Value;
            if (kept <= 1 || (kept <= _options.HistoryCommits && state.HistoryBytes <= _options.HistoryBytes))
            {
                return;
            }
            Forget(ref state, new(state.Compacted.Value + 1));
        }
    }

    private void Forget(ref State state, Revision upTo)
    {
        long first = Place(new(state.Compacted.Value + 1)), last = Place(new(upTo.Value + 1)) - 1;
        Bind(_measure, first, last);
        state.HistoryBytes -= (long)_measure.ExecuteScalar()!;
        Run(_forget, first, last);
        state.Compacted = upTo;
    }

    private (Revision Revision, byte[]? Value) Find(string path)
    {
        Bind(_find, path);
        using var reader = _find.ExecuteReader();
        return reader.Read() ? (new(reader.GetInt64(0)), reader.GetFieldValue<byte[]>(1)) : (Revision.None, null);
    }

    private State ReadState()
    {
        using var reader = _readState.ExecuteReader();
        return reader.Read()
            ? new() { Revision = new(reader.GetInt64(0)), Compacted = new(reader.GetInt64(1)), HistoryBytes = reader.GetInt64(2) }
            : throw new StoreDamagedException(_files.Database, "the row with the store's revision is gone");
    }

    private void WriteState(State state) => Run(_writeState, state.Revision.Value, state.Compacted.Value, state.HistoryBytes);

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        Bind(command, values);
        command.ExecuteNonQuery();
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts stand above.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
        return command;
    }

    private struct State
    {
        public Revision Revision;
        public Revision Compacted;
        public long HistoryBytes;
    }
}
