using System.Globalization;
using Strongroom.Audit;
using Strongroom.Audit.Records;

namespace Strongroom.Hsm.Audit;

/// <summary>The log's life beside the operations: opening and recovery, heads, the next segment, alarms, compression, retention.</summary>
public sealed partial class AuditLog
{
    private static readonly (double Fraction, string Text)[] Alarms = [(0.80, "80 % of its room is taken"), (0.95, "95 % of its room is taken")];

    private readonly SemaphoreSlim _wake = new(0);
    private readonly SemaphoreSlim _signing = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Exception> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _keeping;
    private volatile AuditHead? _newest;
    private volatile AuditHead? _kept;
    private Task _storing = Task.CompletedTask;
    private int _alarm;                 // how many of Alarms have been raised; the keeping loop's
    private long _refusedLogged;        // the keeping loop's
    private long _unloggedLogged;       // the keeping loop's
    private DateTimeOffset _fullSince;
    private bool _noRoom;               // the next segment could not be made; under _writing

    private AuditLog(AuditOptions options, IAuditSigner signer, IAuditHeadKeeper keeper, LogShelf shelf)
    {
        (_options, _signer, _keeper, _shelf) = (options, signer, keeper, shelf);
        var known = keeper.Newest;
        var found = LogRecovery.Read(options.Directory, known);
        _shelf.TakeStock();
        _reboot = Math.Max(found.Reboot, known?.Reboot ?? 0) + 1;
        _sequence = Math.Max(found.Sequence, known?.Sequence ?? 0);
        _segment = shelf.Make(found.Segment + 1, 0) ?? throw new AuditFailedException($"{options.Directory}: there is no room for the audit log");
        _next = shelf.Make(found.Segment + 2, _segment.Room);
        _chain = new LogChain(found.Chain);
        _kept = known;
        lock (_writing)
        {
            lock (_gate)
            {
                Open(found.Chain);
            }
        }

        _sync = new GroupSync(MakeDurable);
        Recover(found, known);
        _keeping = Task.Run(KeepAsync);
    }

    /// <summary>Opens the log of an HSM: recovers what a former run left, and begins a new segment.</summary>
    /// <exception cref="AuditFailedException">The log can't be opened; the HSM must not serve.</exception>
    public static async Task<AuditLog> OpenAsync(AuditOptions options, IAuditSigner signer, IAuditHeadKeeper keeper)
    {
        var shelf = new LogShelf(options);
        try
        {
            var log = new AuditLog(options, signer, keeper, shelf);
            await log.RecordAsync(new AuditEvent { Operation = AuditOperation.Start, Subject = AuditSubject.Hsm }).ConfigureAwait(false);
            return log;
        }
        catch
        {
            shelf.Dispose();
            throw;
        }
    }

    /// <summary>Completes with the cause when the file that is written to is not where it was, or not whole: the HSM must not go on, since nobody would find what it logs.</summary>
    public Task<Exception> Broken => _broken.Task;

    /// <summary>How the log stands.</summary>
    public AuditStatus ReadStatus()
    {
        lock (_writing)
        {
            lock (_gate)
            {
                return new AuditStatus(
                    _sequence, _reboot, _segment.Number, _shelf.ClosedBytes + _taken, _options.Capacity, Fraction(), _full, Interlocked.Read(ref _refused), _unlogged, _writes, _sync.Rounds,
                    _newest, _kept, _failure);
            }
        }
    }

    /// <summary>Signs for everything logged so far.</summary>
    /// <returns>The newest head; the former one if no event was logged since.</returns>
    public async Task<AuditHead?> SignHeadAsync(CancellationToken cancel)
    {
        await _signing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return SignHead();
        }
        finally
        {
            _signing.Release();
        }
    }

    /// <summary>Ends the log: a last head, a closing record, an fsync.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        try
        {
            AppendEvent(new AuditEvent { Operation = AuditOperation.Stop, Subject = AuditSubject.Hsm });
            SignHead();
            await _sync.WaitAsync(AppendRecord(new ClosingRecord(Stopped: true, _options.Clock.GetUtcNow()), (to, at, r) => RecordWriter.Closing(to.AsSpan(at), r))).ConfigureAwait(false);
            await StoreHeadAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (AuditFailedException e)
        {
            _options.Notice($"audit: the log could not be ended properly: {e.Message}");   // the next start finds it so and says it
        }

        _sync.Dispose();
        _segment.File.Dispose();
        if (_next is not null)
        {
            _next.File.Dispose();
            File.Delete(_next.Path);
        }

        _shelf.Dispose();
        _stop.Dispose();
        _signing.Dispose();
        _wake.Dispose();
    }

    // What the former run did not end properly is said in the new segment's first records.
    private void Recover(LogRecovery found, AuditHead? known)
    {
        var lost = (known?.Sequence ?? 0) > found.Sequence;
        if (found.StoppedCleanly && !lost)
        {
            return;
        }

        var hostRestarted = found.HostBoot != _options.HostBoot && found.HostBoot != Guid.Empty;
        var record = new RecoveryRecord(found.Sequence, known?.Sequence ?? 0, known?.Chain ?? default, found.TornBytes, hostRestarted, _options.Clock.GetUtcNow());
        AppendRecord(record, (to, at, r) => RecordWriter.Recovery(to.AsSpan(at), r));
        var text = lost
            ? string.Create(CultureInfo.InvariantCulture, $"events {found.Sequence + 1} to {known!.Sequence} are lost: the cluster's store knows of them, the disk does not have them")
            : known is not null && !found.HoldsKnown
                ? string.Create(CultureInfo.InvariantCulture, $"recovered up to {found.Sequence}; the log is not the one whose head the cluster's store keeps")
                : string.Create(CultureInfo.InvariantCulture, $"recovered up to {found.Sequence}, {found.TornBytes} bytes behind it unreadable");
        AppendEvent(new AuditEvent { Operation = AuditOperation.AuditRecovery, Subject = AuditSubject.Hsm, Detail = text });
        _options.Notice($"audit: the HSM was not stopped cleanly: {text}");
    }

    private async Task KeepAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _wake.WaitAsync(_options.HeadInterval, _stop.Token).ConfigureAwait(false);
                await TickAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is IOException or AuditFailedException or UnauthorizedAccessException or InvalidDataException or AuditFormatException)
            {
                _options.Notice($"audit: {e.Message}");
            }
        }
    }

    private async Task TickAsync()
    {
        CheckFile();
        Flush();   // also what an earlier write could not
        PrepareNext();
        await SignHeadAsync(_stop.Token).ConfigureAwait(false);
        if (_storing.IsCompleted)
        {
            _storing = StoreHeadAsync(_stop.Token);
        }

        await _sync.WaitAsync(Volatile.Read(ref _appended)).ConfigureAwait(false);
        RaiseAlarms();
        LogRefusals();
        await CutExpiredAsync().ConfigureAwait(false);
        Tidy();
    }

    private void CheckFile()
    {
        string? damage;
        lock (_writing)
        {
            damage = _segment.Damage(_position);
        }

        if (damage is not null)
        {
            Break(damage);
        }
    }

    private void Break(string damage)
    {
        if (_broken.TrySetResult(new AuditFailedException(damage)))
        {
            _options.Notice($"audit: {damage}");
        }
    }

    // ---- heads ----

    private AuditHead? SignHead()
    {
        lock (_gate)
        {
            if (_newest?.Sequence == _sequence)
            {
                return _newest;
            }
        }

        // The encoder runs under the gate, so that no event slips in between the number and the mark.
        AppendRecord(_options.Clock.GetUtcNow(), (to, at, time) => RecordWriter.Mark(to.AsSpan(at), _sequence, time));
        Flush();
        MarkRecord mark;
        lock (_writing)
        {
            mark = _chain.Mark ?? throw new AuditFailedException("the mark of a head was not written");
        }

        var signature = _signer.Sign(AuditHead.SignedBytes(_options.Cluster, _options.Hsm, _reboot, mark.Sequence, mark.Chain, mark.Time));
        AppendRecord(new HeadRecord(mark.Sequence, mark.Time, mark.Chain, signature), (to, at, r) => RecordWriter.Head(to.AsSpan(at), r));
        Flush();
        return _newest = new AuditHead(_options.Cluster, _options.Hsm, _reboot, mark.Sequence, mark.Chain, mark.Time, signature);
    }

    private async Task StoreHeadAsync(CancellationToken cancel)
    {
        if (_newest is not { } head || head == _kept)
        {
            return;
        }

        try
        {
            await _keeper.KeepAsync(head, cancel).ConfigureAwait(false);
            _kept = head;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The store's troubles are its own; the next head is tried again, and how far the kept head lags is a metric.
            _options.Notice($"audit: the cluster's store did not keep the log's head: {e.Message}");
        }
    }

    // ---- durability: called by the fsync thread alone ----

    private long MakeDurable()
    {
        Flush();
        LogSegment[] retired;
        LogSegment current;
        long reached;
        lock (_writing)
        {
            retired = [.. _retired];
            (current, reached) = (_segment, _written);
        }

        foreach (var segment in retired)
        {
            RandomAccess.FlushToDisk(segment.File);
        }

        RandomAccess.FlushToDisk(current.File);
        lock (_writing)
        {
            foreach (var segment in retired)
            {
                segment.File.Dispose();
                _retired.Remove(segment);
            }
        }

        return reached;
    }

    // ---- room ----

    private double Fraction()
    {
        var whole = (double)(_shelf.ClosedBytes + _taken) / _options.Capacity;
        return _noRoom ? Math.Max(whole, (double)_taken / (_room - LogSegment.MarginOf(_options.SegmentBytes))) : whole;
    }

    // Sets the next segment's room aside. Where there is none and the segment in use is at its end, the log is full.
    private void PrepareNext()
    {
        lock (_writing)
        {
            _next ??= _shelf.Make(_segment.Number + 1, _segment.Room);
            _noRoom = _next is null;
            lock (_gate)
            {
                _full = _noRoom && _taken >= _soft;
                SetSoft();
            }
        }
    }

    private void RaiseAlarms()
    {
        double fraction;
        bool full;
        lock (_writing)
        {
            lock (_gate)
            {
                (fraction, full) = (Fraction(), _full);
            }
        }

        _alarm = Math.Min(_alarm, Alarms.Count(a => fraction >= a.Fraction - 0.02));   // not again for each crossing back and forth
        while (_alarm < Alarms.Length && fraction >= Alarms[_alarm].Fraction)
        {
            var text = Alarms[_alarm++].Text;
            AppendEvent(new AuditEvent { Operation = AuditOperation.AuditAlarm, Subject = AuditSubject.Hsm, Detail = text });
            _options.Notice($"audit: {text}; {_options.Directory}");
        }

        if (full && _fullSince == default)
        {
            _fullSince = _options.Clock.GetUtcNow();
            _options.Notice(_options.WhenFull == AuditFull.Refuse ? "audit: the log is full; operations are refused" : "audit: the log is full; operations go on unlogged");
        }
    }

    private void LogRefusals()
    {
        long refused, unlogged;
        lock (_gate)
        {
            if (_full)
            {
                return;
            }

            (refused, unlogged) = (Interlocked.Read(ref _refused), _unlogged);
        }

        if (refused > _refusedLogged || unlogged > _unloggedLogged)
        {
            AppendEvent(new AuditEvent
            {
                Operation = AuditOperation.AuditRefusals,
                Subject = AuditSubject.Hsm,
                Detail = string.Create(CultureInfo.InvariantCulture, $"without room: {refused - _refusedLogged} operations refused, {unlogged - _unloggedLogged} done unlogged, since {_fullSince:yyyy-MM-ddTHH:mm:ssZ}"),
            });
            (_refusedLogged, _unloggedLogged) = (refused, unlogged);
        }

        _fullSince = default;
    }

    // ---- what is finished ----

    private async Task CutExpiredAsync()
    {
        if (_options.Keep is not { } keep)
        {
            return;
        }

        var now = _options.Clock.GetUtcNow();
        if (_shelf.Expired(now - keep, now) is { } cut)
        {
            await CutAsync(cut).ConfigureAwait(false);
        }
    }

    // The record is durable and signed before anything is removed, so that a log with a gap always has the reason for it.
    private async Task CutAsync(CutRecord cut)
    {
        AppendRecord(cut, (to, at, r) => RecordWriter.Cut(to.AsSpan(at), r));
        AppendEvent(new AuditEvent { Operation = AuditOperation.AuditCut, Subject = AuditSubject.Hsm, Detail = string.Create(CultureInfo.InvariantCulture, $"up to {cut.Through}: {cut.Reason}") });
        await SignHeadAsync(_stop.Token).ConfigureAwait(false);
        await _sync.WaitAsync(Volatile.Read(ref _appended)).ConfigureAwait(false);
        _shelf.Remove(cut.Segment);
    }

    private void Tidy()
    {
        while (_options.Compress && !_stop.IsCancellationRequested && _shelf.CompressOne())
        {
        }
    }
}
