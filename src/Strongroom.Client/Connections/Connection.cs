using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Strongroom.Wire;

namespace Strongroom.Client.Connections;

/// <summary>One connection: any number of requests in flight, replies matched by id in any order.</summary>
internal sealed class Connection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly string _peer;
    private readonly PipeReader _input;
    private readonly ConcurrentDictionary<ulong, PendingCall> _pending = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _reading;

    // Held while a frame is encoded and written; frames of different callers never interleave.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly FrameWriter _writer = new();
    private readonly FrameBuffer _frame = new();
    private ulong _lastId;

    // Written by the reading loop only; a caller that reads half of an update sends an older pair, which is harmless.
    private ulong _epoch;
    private ulong _sequence;
    private volatile Exception? _broken;

    public Connection(Stream stream, string peer)
    {
        _stream = stream;
        _peer = peer;
        _input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16384, leaveOpen: true));
        _reading = Task.Run(ReadAsync);
    }

    public bool IsOpen => _broken is null;

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <exception cref="HsmRefusedException">the HSM said no</exception>
    /// <exception cref="HsmUnreachableException">no answer within the deadline, or the connection broke</exception>
    public async Task<TReply> CallAsync<TRequest, TReply>(TRequest request, TimeSpan within, CancellationToken cancel)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        var id = Interlocked.Increment(ref _lastId);
        var call = new PendingCall<TReply>(TRequest.Function.ToString());
        _pending[id] = call;
        try
        {
            if (_broken is { } broken)
            {
                throw new HsmUnreachableException($"{_peer}: {broken.Message}", mayHaveTakenEffect: false, broken);
            }

            await SendAsync<TRequest, TReply>(id, request, within, cancel).ConfigureAwait(false);
            return await call.Task.WaitAsync(within, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new HsmUnreachableException($"{_peer}: no answer to {TRequest.Function} within {within.TotalSeconds:0} s", mayHaveTakenEffect: true, e);
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    // Calls that are still on their way out use the semaphore and the token: they are left to the collector, and hold no handle and no timer.
    public async ValueTask DisposeAsync()
    {
        Break(new ObjectDisposedException(nameof(Connection), "the connection was closed"));
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
    }

    private async Task SendAsync<TRequest, TReply>(ulong id, TRequest request, TimeSpan within, CancellationToken cancel)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        if (!await _writing.WaitAsync(within, cancel).ConfigureAwait(false))
        {
            throw new TimeoutException();
        }

        try
        {
            _writer.Request<TRequest, TReply>(_frame, id, Volatile.Read(ref _epoch), Volatile.Read(ref _sequence), request);

            // Half a frame written would make nonsense of all that follow, so the caller's cancellation does not reach here.
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
            deadline.CancelAfter(within);
            await _stream.WriteAsync(_frame.Written, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            Break(e);
            throw new HsmUnreachableException($"{_peer}: {e.Message}", mayHaveTakenEffect: true, e);
        }
        finally
        {
            _frame.Wipe();
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        var reader = new FrameReader();
        try
        {
            while (true)
            {
                var result = await _input.ReadAsync(_closed.Token).ConfigureAwait(false);
                var received = result.Buffer;
                while (Frames.TryTake(ref received, out var frame))
                {
                    // A reply's byte strings are slices of this array, so each frame has one of its own.
                    Dispatch(reader, System.Buffers.BuffersExtensions.ToArray(frame));
                }

                _input.AdvanceTo(received.Start, received.End);
                if (result.IsCompleted)
                {
                    throw new IOException("the HSM closed the connection");
                }
            }
        }
        catch (Exception e)
        {
            Break(e);
        }
    }

    private void Dispatch(FrameReader reader, byte[] frame)
    {
        var head = reader.Reply(frame);
        if (head.Epoch > _epoch || (head.Epoch == _epoch && head.Sequence > _sequence))
        {
            Volatile.Write(ref _epoch, head.Epoch);
            Volatile.Write(ref _sequence, head.Sequence);
        }

        // Not found: the caller has given up waiting.
        if (_pending.TryRemove(head.Id, out var call))
        {
            try
            {
                call.Complete(reader, head);
            }
            catch (WireFormatException e)
            {
                call.Fail(e);
                throw;
            }
        }
        else
        {
            CryptographicOperations.ZeroMemory(frame);
        }
    }

    private void Break(Exception cause)
    {
        _broken ??= cause;
        if (!_closed.IsCancellationRequested)
        {
            _closed.Cancel();
        }

        foreach (var id in _pending.Keys)
        {
            if (_pending.TryRemove(id, out var call))
            {
                call.Fail(new HsmUnreachableException($"{_peer}: {cause.Message}", mayHaveTakenEffect: true, cause));
            }
        }
    }
}
