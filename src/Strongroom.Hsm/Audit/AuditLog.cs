using System.Runtime.CompilerServices;
using Strongroom.Audit;
using Strongroom.Audit.Records;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Audit;

/// <summary>
/// The HSM's audit log. An operation appends its event once its outcome is known; the listener settles the log before any reply leaves, so that nobody hears of an operation that a kill could still make unlogged.
/// All replies of one read share one write(2). Appending takes no system call, allocates nothing and holds its lock for the copying of about 100 bytes.
/// </summary>
public sealed partial class AuditLog : IAsyncDisposable
{
    private const int BufferSize = 256 << 10;
    private const int ClosingRoom = 64;   // a closing record has 28 bytes

    private readonly AuditOptions _options;
    private readonly IAuditSigner _signer;
    private readonly IAuditHeadKeeper _keeper;
    private readonly LogShelf _shelf;
    private readonly GroupSync _sync;
    private readonly uint _reboot;

    // ---- appending: all of these under _gate ----
    private readonly Lock _gate = new();
    private byte[] _front = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private int _frontLength;
    private long _taken;                // bytes of the segment that are written or stand in _front
    private long _room;                 // bytes that the segment has
    private long _soft;                 // where the log counts as full, as long as no next segment is there
    private bool _full;                 // the segment is used up to there, and no next one could be made
    private object _segmentMark = new();   // by which a subject knows whether the segment has defined it
    private uint _subjects;
    private ulong _sequence;
    private long _appended;             // bytes appended since the start; also read without the lock
    private long _unlogged;

    // ---- writing: all of these under _writing, which is taken before _gate. The native calls under it are what it is for: the order of the writes is the order of the chain. ----
    private readonly Lock _writing = new();
    private readonly List<LogSegment> _retired = [];   // finished, but not yet fsynced
    private LogChain _chain;
    private byte[] _back = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private int _backLength;            // not 0 after a failed write: these bytes come first
    private long _backEnd;
    private LogSegment _segment;
    private LogSegment? _next;
    private long _position;
    private long _written;              // as _appended; also read without the lock
    private long _writes;

    private long _refused;
    private volatile bool _admits = true;
    private volatile string? _failure;

    /// <summary>The last event's number.</summary>
    public ulong LastSequence
    {
        get
        {
            lock (_gate)
            {
                return _sequence;
            }
        }
    }

    /// <summary>Whether operations may be done. Ask before each use of a key; if not, count it with <see cref="CountRefusal"/> and refuse.</summary>
    public bool Admits => _admits;

    /// <summary>SHA-256 of what is signed or verified, for <see cref="AuditEvent.Digest"/>.</summary>
    /// <param name="digest">32 bytes.</param>
    public static void DigestOf(ReadOnlySpan<byte> data, Span<byte> digest) => Digest.Compute(DigestAlgorithm.Sha256, data, digest);

    /// <summary>Counts an operation that was refused because <see cref="Admits"/> said no. The count is logged when there is room again.</summary>
    public void CountRefusal() => Interlocked.Increment(ref _refused);

    /// <summary>Takes an event. It is logged once <see cref="SettleAsync"/> has completed.</summary>
    /// <exception cref="AuditFailedException">There is no room, not even that which is kept for the last; the operation's reply must not leave.</exception>
    public void Append(in AuditEvent e) => AppendEvent(e);

    /// <summary>Takes an event that is not the use of a key.</summary>
    /// <returns>What <see cref="SettleAsync(long)"/> has to be told before the reply leaves.</returns>
    /// <exception cref="AuditFailedException">As for <see cref="Append"/>.</exception>
    public long AppendManagement(in AuditEvent e) => AppendEvent(e);

    /// <summary>Takes an event and completes when it is durable: for everything that is not the use of a key.</summary>
    public ValueTask RecordAsync(in AuditEvent e) => _sync.WaitAsync(AppendEvent(e));

    /// <summary>Before any reply leaves: everything appended so far is in the kernel, or durable in <see cref="AuditMode.Durable"/>. Completes at once if there is nothing to do.</summary>
    /// <exception cref="AuditFailedException">The disk does not take it; no reply may leave.</exception>
    public ValueTask SettleAsync()
    {
        if (_options.Mode == AuditMode.Durable)
        {
            return _sync.WaitAsync(Volatile.Read(ref _appended));
        }

        Flush();
        return ValueTask.CompletedTask;
    }

    /// <summary>As <see cref="SettleAsync()"/>, and what <see cref="AppendManagement"/> took up to here is durable.</summary>
    /// <param name="durable">0 if there was nothing of the kind.</param>
    /// <exception cref="AuditFailedException">The disk does not take it; no reply may leave.</exception>
    public ValueTask SettleAsync(long durable)
    {
        var settled = SettleAsync();
        return durable == 0 || _options.Mode == AuditMode.Durable ? settled : _sync.WaitAsync(durable);
    }

    /// <summary>Everything appended so far goes into the kernel.</summary>
    /// <exception cref="AuditFailedException">The disk does not take it.</exception>
    public void Flush()
    {
        var mine = Volatile.Read(ref _appended);
        if (Volatile.Read(ref _written) >= mine)
        {
            return;   // another thread's write took it along
        }

        lock (_writing)
        {
            while (_written < mine)
            {
                WriteOut();
            }
        }
    }

    private static bool IsUse(AuditOperation operation) => operation is >= AuditOperation.Encrypt and <= AuditOperation.SeedRandom;

    private long AppendEvent(in AuditEvent e)
    {
        var time = AuditTime.ToMicroseconds(_options.Clock.GetUtcNow());
        while (true)
        {
            long end = 0;
            var low = false;
            lock (_gate)
            {
                if (_full && _options.WhenFull == AuditFull.Continue && IsUse(e.Operation))
                {
                    _unlogged++;
                    return _appended;
                }

                if (HasRoom())
                {
                    Encode(e, time);
                    (end, low) = (_appended, _taken >= _soft && !_full);
                }
            }

            if (low)
            {
                PrepareNext();   // the keeping loop should have done it long ago
            }

            if (end > 0)
            {
                return end;
            }

            if (!MakeRoom())
            {
                if (_options.WhenFull == AuditFull.Refuse)
                {
                    throw new AuditFailedException("the audit log is full");
                }

                lock (_gate)
                {
                    _unlogged++;
                    return _appended;
                }
            }
        }
    }

    // Room for an event and the subject it may have to define.
    private bool HasRoom() => _frontLength + (2 * RecordLayout.Largest) <= BufferSize && _taken + RecordLayout.Largest + ClosingRoom <= _room;

    private void Encode(in AuditEvent e, long time)
    {
        if (!ReferenceEquals(e.Subject.Segment, _segmentMark))
        {
            (e.Subject.Segment, e.Subject.Number) = (_segmentMark, ++_subjects);
            Took(RecordWriter.Subject(_front.AsSpan(_frontLength), e.Subject.Number, (int)e.Subject.Role, e.Subject.Instance, e.Subject.User, e.Subject.Address));
        }

        var fields = new EventFields
        {
            Sequence = ++_sequence,
            Time = time,
            Operation = e.Operation,
            Subject = e.Subject.Number,
            Result = (uint)e.Result,
            Session = e.Session.Value,
            Mechanism = e.Mechanism.GetValueOrDefault(),
            HasMechanism = e.Mechanism.HasValue,
            Key = e.Key.Value,
            SecondKey = e.SecondKey.Value,
            Digest = e.Digest,
            TargetUser = e.TargetUser,
            TargetRole = (int)e.TargetRole,
            Detail = e.Detail,
        };
        Took(RecordWriter.Event(_front.AsSpan(_frontLength), fields));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Took(int length)
    {
        _frontLength += length;
        _taken += length;
        Volatile.Write(ref _appended, _appended + length);
    }

    // A record that is no event. Rare, so it may allocate.
    private long AppendRecord<T>(T record, Func<byte[], int, T, int> encode)
    {
        while (true)
        {
            lock (_gate)
            {
                if (HasRoom())
                {
                    Took(encode(_front, _frontLength, record));
                    return _appended;
                }
            }

            if (!MakeRoom())
            {
                throw new AuditFailedException("the audit log is full");
            }
        }
    }

    // Empties the buffer or goes to the next segment, whichever is in the way. False: there is no next segment.
    private bool MakeRoom()
    {
        lock (_writing)
        {
            while (true)
            {
                WriteOut();
                lock (_gate)
                {
                    if (HasRoom())
                    {
                        return true;
                    }

                    if (_frontLength == 0)
                    {
                        return Rotate();
                    }
                }
            }
        }
    }

    // Under _writing. Takes what is in front, chains it and gives it to the kernel.
    private void WriteOut()
    {
        if (_backLength == 0)
        {
            lock (_gate)
            {
                (_front, _back) = (_back, _front);
                (_backLength, _frontLength) = (_frontLength, 0);
                _backEnd = _appended;
            }

            _chain.Extend(_back.AsSpan(0, _backLength));
        }

        if (_backLength > 0)
        {
            Write(_back.AsSpan(0, _backLength));
            _backLength = 0;
        }

        Volatile.Write(ref _written, _backEnd);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        // What was cut off would become a hole that no later look at the file's length shows.
        if (_segment.IsCut(_position) && _segment.Damage(_position) is { } damage)
        {
            Break(damage);
            throw new AuditFailedException(damage);
        }

        try
        {
            RandomAccess.Write(_segment.File, bytes, _position);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The bytes stay where they are: the next attempt writes them to the same place.
            _admits = _options.WhenFull == AuditFull.Continue;
            _failure = e.Message;
            throw new AuditFailedException($"the audit log can't be written: {e.Message}", e);
        }

        _position += bytes.Length;
        _writes++;
        if (_failure is not null)
        {
            _failure = null;
            lock (_gate)
            {
                SetAdmits();
            }
        }
    }

    // Under both locks, with empty buffers: ends the segment and begins the next.
    private bool Rotate()
    {
        _next ??= _shelf.Make(_segment.Number + 1, _taken);
        if (_next is null)
        {
            return false;
        }

        var record = new byte[RecordLayout.Largest];
        var closing = record.AsSpan(0, RecordWriter.Closing(record, new ClosingRecord(Stopped: false, _options.Clock.GetUtcNow())));
        var chain = new LogChain(_chain.Value);
        chain.Extend(closing);
        Write(closing);
        _retired.Add(_segment);
        _shelf.Add(_segment.Number);
        (_segment, _next) = (_next, null);
        Open(chain.Value);
        _wake.Release();
        return true;
    }

    // Under both locks: writes the first bytes of _segment.
    private void Open(AuditDigest before)
    {
        var bytes = new byte[RecordLayout.Magic.Length + RecordLayout.Largest];
        RecordLayout.Magic.CopyTo(bytes);
        var opening = new OpeningRecord(
            RecordLayout.Version, _segment.Number, _reboot, _sequence + 1, _options.Clock.GetUtcNow(), before, _signer.PublicKeySha256, _options.HostBoot, _options.Cluster, _options.Hsm);
        var length = RecordWriter.Opening(bytes.AsSpan(RecordLayout.Magic.Length), opening);
        _chain = new LogChain(before);
        _chain.Extend(bytes.AsSpan(RecordLayout.Magic.Length, length));
        _position = 0;
        Write(bytes.AsSpan(0, RecordLayout.Magic.Length + length));
        (_taken, _room, _segmentMark, _subjects) = (_position, _segment.Room, new object(), 0);
        SetSoft();
    }

    // Under _gate.
    private void SetSoft()
    {
        _soft = _next is null ? _room - LogSegment.MarginOf(_options.SegmentBytes) : long.MaxValue;
        _full &= _taken >= _soft;
        SetAdmits();
    }

    private void SetAdmits() => _admits = _options.WhenFull == AuditFull.Continue || (!_full && _failure is null);
}
