using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Strongroom.Store.Files;

namespace Strongroom.Store.Sqlite;

/// <summary>
/// The writers' queue of a database: a lock file on whose second byte lies the turn, and on whose first byte the place behind it. Whoever waits for the turn holds the place, so a writer that ends its turn can't take the next one past everybody who waits.
/// (SQLite's own busy handler sleeps and retries: with several writers some wait for seconds.)
/// The file also notes how the turn's holder left the database and its WAL, by size and time of their last write, and the WAL's index by its checksum. If they differ at the next turn, something that is no HSM has written to them.
/// </summary>
internal sealed class TurnLock : IDisposable
{
    private const long Place = 0;
    private const long Turn = 1;
    private const long Presence = 2; // shared by all who have the database open
    private const int NoteLength = 64;
    private const int WalNote = 33;
    private const int IndexNote = 60; // zero where whoever left the turn had the database closed

    private readonly SqliteFiles _files;
    private readonly SqliteStoreOptions _options;
    private readonly SafeFileHandle _file;
    private readonly FileIdentity _identity;

    // Set once, within the turn that opens the database, and taken away within the one that closes it.
    private WalIndex? _index;

    // The threads of this process; byte locks are only between open files.
    private readonly SemaphoreSlim _own = new(1);

    public TurnLock(SqliteFiles files, SqliteStoreOptions options)
    {
        (_files, _options) = (files, options);
        _file = File.OpenHandle(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        _identity = LinuxFile.Stat(_file).Identity;
        if (RandomAccess.GetLength(_file) < NoteLength)
        {
            RandomAccess.Write(_file, new byte[NoteLength], 0); // room for the note even when the disk is full later
        }
    }

    /// <summary>Waits for the turn.</summary>
    /// <exception cref="StoreBusyException">It did not come in time.</exception>
    public async ValueTask TakeAsync(CancellationToken cancel)
    {
        if (!await _own.WaitAsync(_options.TurnDeadline, cancel).ConfigureAwait(false))
        {
            throw Busy();
        }
        try
        {
            if (TryTakeBoth())
            {
                return;
            }
            await WaitInKernelAsync(cancel).ConfigureAwait(false);
        }
        catch
        {
            _own.Release();
            throw;
        }
    }

    /// <summary>Takes the turn if nobody has it.</summary>
    public bool TryTake()
    {
        if (!_own.Wait(0, CancellationToken.None))
        {
            return false;
        }
        if (TryTakeBoth())
        {
            return true;
        }
        _own.Release();
        return false;
    }

    public void Give()
    {
        RangeLock.Give(_file, Turn);
        _own.Release();
    }

    /// <summary>Within a turn: joins those who have the database open.</summary>
    /// <returns>Whether there was nobody: then an old note says nothing, for a loss of power may have changed the files' times.</returns>
    public bool Join()
    {
        var alone = RangeLock.TryTake(_file, Presence);
        return RangeLock.TryShare(_file, Presence) ? alone : throw new StoreException($"{_files.Lock}: something holds the lock by which HSMs say that they have the store open.");
    }

    /// <summary>Within a turn: were the files left so by the last writer?</summary>
    /// <exception cref="StoreDamagedException">No, or the lock file itself was exchanged.</exception>
    public void CheckNote()
    {
        if (LinuxFile.Stat(_files.Lock)?.Identity != _identity)
        {
            throw new StoreDamagedException(_files.Lock, "the lock file was removed or replaced while this process had it open");
        }
        Span<byte> noted = stackalloc byte[NoteLength];
        Span<byte> found = stackalloc byte[NoteLength];
        if (RandomAccess.Read(_file, noted, 0) != NoteLength || noted[0] != Idle)
        {
            return; // The last holder died within its turn, or there was none yet: nothing to compare with.
        }
        Describe(found);
        if (!noted[1..WalNote].SequenceEqual(found[1..WalNote]))
        {
            throw Foreign(_files.Database);
        }
        if (!noted[WalNote..IndexNote].SequenceEqual(found[WalNote..IndexNote]))
        {
            throw Foreign(_files.Wal);
        }
        if (_index is not null && noted[IndexNote..].ContainsAnyExcept((byte)0) && !noted[IndexNote..].SequenceEqual(found[IndexNote..]))
        {
            throw Foreign(_files.Shm);
        }
    }

    /// <summary>Within a turn: from now on the index is looked after, too.</summary>
    /// <param name="index">null before its connection is closed</param>
    public void LookAfter(WalIndex? index) => _index = index;

    /// <summary>Within a turn: the files are about to be written.</summary>
    public void NoteBusy() => RandomAccess.Write(_file, [Busied], 0);

    /// <summary>Within a turn: the files are as they shall be.</summary>
    public void NoteIdle()
    {
        Span<byte> note = stackalloc byte[NoteLength];
        Describe(note);
        RandomAccess.Write(_file, note, 0);
    }

    public void Dispose()
    {
        _file.Dispose();
        _own.Dispose();
    }

    private const byte Idle = 1;
    private const byte Busied = 2;

    private static StoreDamagedException Foreign(string path) =>
        new(path, "the file was written by something that is no HSM of this cluster, since the last commit");

    private void Describe(Span<byte> note)
    {
        note.Clear();
        note[0] = Idle;
        Describe(_files.Database, note[1..]);
        Describe(_files.Wal, note[WalNote..]);
        if (_index is not null)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(note[IndexNote..], _index.Checksum());
        }
    }

    private static void Describe(string path, Span<byte> note)
    {
        if (LinuxFile.Stat(path) is { } stamp)
        {
            BinaryPrimitives.WriteInt64LittleEndian(note, stamp.Size);
            BinaryPrimitives.WriteInt64LittleEndian(note[8..], stamp.ModifiedSeconds);
            BinaryPrimitives.WriteUInt32LittleEndian(note[16..], stamp.ModifiedNanoseconds);
        }
    }

    private bool TryTakeBoth()
    {
        if (!RangeLock.TryTake(_file, Place))
        {
            return false;
        }
        var taken = RangeLock.TryTake(_file, Turn);
        RangeLock.Give(_file, Place);
        return taken;
    }

    // The kernel's wait knows neither deadline nor token, so it has a thread of its own; who gives up leaves it behind, and the thread gives the turn back when it comes.
    private async Task WaitInKernelAsync(CancellationToken cancel)
    {
        var waiting = Task.Factory.StartNew(
            () =>
            {
                RangeLock.Take(_file, Place);
                RangeLock.Take(_file, Turn);
                RangeLock.Give(_file, Place);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            await waiting.WaitAsync(_options.TurnDeadline, _options.Clock, cancel).ConfigureAwait(false);
        }
        catch (Exception gaveUp) when (gaveUp is TimeoutException or OperationCanceledException)
        {
            _ = waiting.ContinueWith(_ => RangeLock.Give(_file, Turn), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw gaveUp is TimeoutException ? Busy() : gaveUp;
        }
    }

    private StoreBusyException Busy() =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_files.Lock}: another writer has kept its turn for {_options.TurnDeadline.TotalSeconds:0.#} s; the change was not written."));
}
