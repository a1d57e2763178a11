using Strongroom.Store.Files;

namespace Strongroom.Store.Sqlite;

/// <summary>
/// A store in one SQLite database, for all HSMs of a host: WAL, every commit fsynced (synchronous=FULL), one writing connection a process and a queue between the processes.
/// Nothing else may open the database while an HSM has it open; <see cref="TurnLock"/> and <see cref="SqliteFiles"/> notice if something writes to its files or exchanges them.
/// </summary>
public sealed class SqliteStore : IStore
{
    private readonly SqliteFiles _files;
    private readonly TurnLock _turns;
    private readonly SqliteWriter _writer;
    private readonly SqliteReader _reader;
    private readonly SqlitePoller _poller;
    private int _disposed;

    private SqliteStore(SqliteFiles files, TurnLock turns, SqliteWriter writer, SqliteReader reader, SqlitePoller poller) =>
        (_files, _turns, _writer, _reader, _poller) = (files, turns, writer, reader, poller);

    /// <summary>Makes an empty store.</summary>
    /// <exception cref="IOException">Something is already there.</exception>
    public static void Create(string path) => SqliteDatabase.Create(path);

    /// <exception cref="StoreDamagedException">There is no such store, or it can't be read.</exception>
    public static async Task<SqliteStore> OpenAsync(string path, SqliteStoreOptions options, CancellationToken cancel)
    {
        var files = new SqliteFiles(Path.GetFullPath(path));
        var before = LinuxFile.Stat(files.Database) ?? throw new StoreDamagedException(files.Database, "there is no such file");
        var turns = new TurnLock(files, options);
        var opened = new Stack<IDisposable>([turns]);
        try
        {
            await turns.TakeAsync(cancel).ConfigureAwait(false);
            try
            {
                if (!turns.Join())
                {
                    turns.CheckNote();
                }
                var writer = Opened(new SqliteWriter(files, options));
                var reader = Opened(new SqliteReader(files));
                var poller = new SqlitePoller(files, turns, Opened(new SqliteReader(files)), reader.Revision(), options);
                files.Remember();
                if (LinuxFile.Stat(files.Database)?.Identity != before.Identity)
                {
                    throw new StoreDamagedException(files.Database, "another file was put in its place while it was being opened");
                }
                turns.LookAfter(writer.Index);
                turns.NoteIdle();
                poller.Start();
                return new(files, turns, writer, reader, poller);
            }
            finally
            {
                turns.Give();
            }
        }
        catch (Exception failed)
        {
            while (opened.TryPop(out var part))
            {
                part.Dispose();
            }
            if (SqliteErrors.Translate(failed, files) is { } cause)
            {
                throw cause;
            }
            throw;
        }

        T Opened<T>(T part) where T : IDisposable
        {
            opened.Push(part);
            return part;
        }
    }

    public ValueTask<ReadPage> ReadAsync(ReadRequest request, CancellationToken cancel) => ValueTask.FromResult(_reader.Read(request));

    public IStoreWatch Watch(string prefix, Revision after) => new SqliteWatch(_reader, _poller, prefix, after);

    public async ValueTask<IStoreTurn> TakeTurnAsync(CancellationToken cancel)
    {
        await _turns.TakeAsync(cancel).ConfigureAwait(false);
        try
        {
            _files.Check();
            _turns.CheckNote();
            return new SqliteTurn(_files, _turns, _writer);
        }
        catch
        {
            _turns.Give();
            throw;
        }
    }

    public async ValueTask CompactAsync(Revision upTo, CancellationToken cancel)
    {
        await using var turn = await TakeTurnAsync(cancel).ConfigureAwait(false);
        ((SqliteTurn)turn).Write(() =>
        {
            _writer.Compact(upTo);
            return CommitOutcome.Conflict;
        });
    }

    /// <summary>Whoever closes last empties the WAL into the database and removes it, so this is a turn too.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }
        await _poller.DisposeAsync().ConfigureAwait(false);
        await _turns.TakeAsync(CancellationToken.None).ConfigureAwait(false);
        _turns.NoteBusy();
        _turns.LookAfter(null);
        _reader.Dispose();
        _writer.Dispose();
        _turns.NoteIdle();
        _turns.Give();
        _turns.Dispose();
    }
}
