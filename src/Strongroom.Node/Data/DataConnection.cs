using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Strongroom.Crypto;
using Strongroom.Hsm;
using Strongroom.Hsm.Audit;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>
/// One application's connection. The reading loop takes every complete frame of a read, answers the short ones in place and puts all their replies into one write; what commits or computes for long runs beside the loop
/// on a copy of its frame and answers when it is done. Replies carry their request's id, so their order does not matter.
/// </summary>
internal sealed class DataConnection : IAsyncDisposable
{
    // Before an instance has proved its key nothing longer than a Hello or an Attach is read.
    private const int LargestGreeting = 4096;

    private static readonly TimeSpan GreetingWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FrameWithin = TimeSpan.FromSeconds(30);
    private static readonly Cause UnknownFunction = new(Rv.FunctionNotSupported, "this HSM does not serve the function");
    private static readonly Cause Broken = new(Rv.GeneralError, "the HSM failed while it served the request; its log has the cause");
    private static readonly Cause Behind = new(Rv.FunctionFailed, "this HSM is behind what the client has seen");

    private readonly ConnectionContext _connection;
    private readonly ServingHsm _hsm;
    private readonly ILogger _logger;
    private readonly Peer _peer;
    private readonly PipeReader _input;
    private readonly Replies _replies;
    private readonly Exchange _exchange;
    private readonly ConnectionDeadline _deadline;
    private readonly Outstanding _outstanding = new();
    private readonly CancellationToken _stopping;

    // Whether a reply of the reading loop's tells of more than uses of keys, so that its events must be on the disk first.
    private bool _tellsOfEvents;

    // Room for a long frame, from its beginning until its reply is taken. Written by the reading loop.
    private int _received;

    public DataConnection(ConnectionContext connection, ServingHsm hsm, TimeProvider clock, ILogger logger, CancellationToken stopping)
    {
        _connection = connection;
        _hsm = hsm;
        _logger = logger;
        _stopping = stopping;
        _peer = new Peer(hsm, connection.RemoteEndPoint?.ToString() ?? "unknown", (connection.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "");
        ClientAnchor = _peer.ClientAnchor = connection.Features.Get<ClientIdentity>()?.Anchor;
        _input = connection.Transport.Input;
        _replies = new Replies(connection, _peer, logger);
        _exchange = new Exchange(_peer, _replies.Output);
        _deadline = new ConnectionDeadline(connection, clock, logger, _peer.Address);
    }

    /// <summary>The trust anchor under which the client's certificate holds; null if it showed none that holds.</summary>
    public TrustAnchor? ClientAnchor { get; }

    /// <summary>Serves no further request; those under way are answered, and the connection ends.</summary>
    public void End(string cause)
    {
        Log.TurnedAway(_logger, _peer.Address, cause);
        _peer.Ending = cause;
        _input.CancelPendingRead();
    }

    /// <summary>Serves until either side ends the connection.</summary>
    public async Task RunAsync()
    {
        _hsm.Counters.Opened();
        var cause = "the client closed it";
        try
        {
            await ReadAsync().ConfigureAwait(false);
            cause = _peer.Ending ?? cause;
        }
        catch (WireFormatException e)
        {
            _hsm.Counters.CountMalformed();
            Log.Malformed(_logger, _peer.Address, e.Message);
            cause = e.Message;
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException or TimeoutException or AuditFailedException)
        {
            cause = e.Message;
        }

        Log.Ended(_logger, _peer.Address, cause);
    }

    /// <summary>Waits for the requests beside the loop, and gives the instance back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _deadline.DisposeAsync().ConfigureAwait(false);

        // Requests beside the loop still write; the transport's end waits for them.
        await _outstanding.AllGivenAsync().ConfigureAwait(false);
        if (_peer.Caller is { } caller)
        {
            _hsm.Module.Detach(caller);
        }

        GiveRoom();
        _exchange.Scratch.Wipe();
        _replies.Dispose();
        _hsm.Counters.Closed();
    }

    private async Task ReadAsync()
    {
        _deadline.Arm("proof of an instance key", GreetingWithin);
        while (true)
        {
            var result = await _input.ReadAsync(_stopping).ConfigureAwait(false);
            var received = result.Buffer;
            var progress = await ServeAllAsync(received).ConfigureAwait(false);

            if (progress.Requests > 0)
            {
                GiveRoom();
            }

            // The slice is taken before the pipe may reuse its memory.
            var part = received.Slice(progress.Consumed);
            var isPart = !part.IsEmpty;
            if (isPart && !progress.IsFull && _peer.Caller is not null && _peer.Ending is null)
            {
                await TakeRoomForRestAsync(part).ConfigureAwait(false);
            }

            _input.AdvanceTo(progress.Consumed, progress.Examined);
            if (_peer.Ending is not null)
            {
                return;
            }

            if (progress.IsFull)
            {
                await _outstanding.NextGiveAsync().ConfigureAwait(false);
                continue;
            }

            if (result.IsCompleted)
            {
                return;
            }

            if (_peer.Caller is not null)
            {
                Await(progress.Requests, isPart);
            }
        }
    }

    // The rest of a frame is waited for only so long, counted from its first byte and not from its last. An idle application keeps its connection.
    private void Await(ulong served, bool isPart)
    {
        if (!isPart)
        {
            _deadline.Disarm();
        }
        else if (served > 0 || !_deadline.IsArmed)
        {
            _deadline.Arm("rest of a frame", FrameWithin);
        }
    }

    private async ValueTask<Progress> ServeAllAsync(ReadOnlySequence<byte> received)
    {
        await _replies.TakeTurnAsync(_stopping).ConfigureAwait(false);
        try
        {
            var rest = received;
            ulong requests = 0;
            var isFull = false;
            while (_peer.Ending is null)
            {
                var before = rest;
                if (!Frames.TryTake(ref rest, out var frame, _peer.Caller is null ? LargestGreeting : ProtocolLimits.Frame))
                {
                    break;
                }

                // A frame that arrived in pieces is joined in a block that is cleared when it has been served.
                using var joined = frame.IsSingleSegment ? null : CleanBlocks.Pool.Rent((int)frame.Length);
                if (!Serve(joined is null ? frame.First : Join(frame, joined.Memory)))
                {
                    rest = before;
                    isFull = true;
                    break;
                }

                requests++;
                if (_replies.AreMany)
                {
                    await SendAsync().ConfigureAwait(false);
                }
            }

            _hsm.Counters.CountRequests(requests);
            if (_replies.AreWritten)
            {
                await SendAsync().ConfigureAwait(false);
            }

            return new Progress(rest.Start, isFull ? rest.Start : received.End, isFull, requests);
        }
        catch (WireFormatException) when (_replies.AreWritten)
        {
            // What was served before the malformed frame is settled here: a reply from beside the loop, which is settled already, would take these along.
            await SendAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _replies.EndTurn();
        }
    }

    /// <returns>false if as much is in flight as may be; the frame is then served later</returns>
    private bool Serve(ReadOnlyMemory<byte> frame)
    {
        _exchange.Start(frame);
        var head = _exchange.Head;
        if (Functions.Find(head.Function) is not { } function)
        {
            _exchange.Refuse(UnknownFunction);
            return true;
        }

        var isBehind = new Position(head.Epoch, head.Sequence) > _hsm.Module.Position;
        var replyBytes = function.ReplyBytes(_exchange);
        if (function.IsDeferred || isBehind || replyBytes > Reception.Small)
        {
            return Defer(function, frame.Span, isBehind, replyBytes);
        }

        if (replyBytes > 0)
        {
            _exchange.Start(frame);
        }

        var caller = _peer.Caller;
        var mark = caller is null ? 0 : Module.AuditMark(caller);
        try
        {
            var served = function.ServeAsync(_exchange, _stopping);
            Debug.Assert(served.IsCompletedSuccessfully, "an immediate function has answered when it returns");
        }
        catch (Exception e) when (e is not WireFormatException)
        {
            Log.Failed(_logger, _peer.Address, head.Id, head.Function, e);
            _exchange.Scratch.Wipe();
            _exchange.Refuse(Broken);
        }

        // Another request of the instance may have moved the mark meanwhile; then this reply waits with it, which harms nothing.
        _tellsOfEvents |= caller is not null && Module.AuditMark(caller) != mark;
        return true;
    }

    private bool Defer(ServedFunction function, ReadOnlySpan<byte> frame, bool isBehind, int replyBytes)
    {
        // A request that needs an instance is malformed before Attach, on either road.
        if (_peer.Caller is null)
        {
            throw new WireFormatException($"{function.Function} before Attach");
        }

        var units = Outstanding.UnitsOf(frame.Length);
        if (!_outstanding.TryTake(units))
        {
            return false;
        }

        var copy = GC.AllocateUninitializedArray<byte>(frame.Length, pinned: true);
        frame.CopyTo(copy);
        _ = Task.Run(() => ServeLaterAsync(function, copy, isBehind, units, replyBytes), CancellationToken.None);
        return true;
    }

    private async Task ServeLaterAsync(ServedFunction function, byte[] frame, bool isBehind, int units, int replyBytes)
    {
        var room = replyBytes > Reception.Small ? replyBytes : 0;
        if (room > 0 && !await TakeRoomAsync(room).ConfigureAwait(false))
        {
            _outstanding.Give(units);
            return;
        }

        var reply = new FrameBuffer();
        var exchange = new Exchange(_peer, reply);
        try
        {
            exchange.Start(frame);
            if (isBehind && !await _hsm.Module.CatchUpAsync(new Position(exchange.Head.Epoch, exchange.Head.Sequence), _stopping).ConfigureAwait(false))
            {
                exchange.Refuse(Behind);
            }
            else
            {
                await function.ServeAsync(exchange, _stopping).ConfigureAwait(false);
            }
        }
        catch (WireFormatException e)
        {
            _hsm.Counters.CountMalformed();
            Log.Malformed(_logger, _peer.Address, e.Message);
            _connection.Abort(new ConnectionAbortedException(e.Message));
        }
        catch (Exception e)
        {
            Log.Failed(_logger, _peer.Address, exchange.Head.Id, exchange.Head.Function, e);
            reply.Wipe();
            exchange.Refuse(Broken);
            if (e is SelfTestException)
            {
                // A generated pair that is not consistent (FIPS 140-3 IG 10.3.A) ends the whole HSM, not one request.
                _hsm.Fail(e);
            }
        }

        await _replies.SendLaterAsync(reply).ConfigureAwait(false);
        CryptographicOperations.ZeroMemory(frame);
        exchange.Scratch.Wipe();
        reply.Wipe();
        if (room > 0)
        {
            _hsm.Reception.Give(_peer.Host, room);
        }

        _outstanding.Give(units);
    }

    private async ValueTask SendAsync()
    {
        await _replies.SendAsync(_tellsOfEvents ? _peer.Caller : null).ConfigureAwait(false);
        _tellsOfEvents = false;
    }

    private static ReadOnlyMemory<byte> Join(in ReadOnlySequence<byte> frame, Memory<byte> block)
    {
        frame.CopyTo(block.Span);
        return block[..(int)frame.Length];
    }

    // A long frame is read on once there is room for it; meanwhile nothing more is taken from the socket, and no deadline runs.
    private async ValueTask TakeRoomForRestAsync(ReadOnlySequence<byte> part)
    {
        if (_received > 0 || Frames.Announced(part) is not (> Reception.Small and var length))
        {
            return;
        }

        _deadline.Disarm();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping, _connection.ConnectionClosed);
        await _hsm.Reception.TakeAsync(_peer.Host, length, ending.Token).ConfigureAwait(false);
        _received = length;
    }

    // The same for a long reply to a short frame.
    /// <returns>false if the connection ended before there was room</returns>
    private async ValueTask<bool> TakeRoomAsync(int bytes)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping, _connection.ConnectionClosed);
        try
        {
            await _hsm.Reception.TakeAsync(_peer.Host, bytes, ending.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void GiveRoom()
    {
        if (_received > 0)
        {
            _hsm.Reception.Give(_peer.Host, _received);
            _received = 0;
        }
    }

    /// <param name="Consumed">behind the last frame that was served</param>
    /// <param name="Examined">how far to look before there is more to do</param>
    /// <param name="IsFull">whether a frame waits for others to finish</param>
    /// <param name="Requests">frames served</param>
    private readonly record struct Progress(SequencePosition Consumed, SequencePosition Examined, bool IsFull, ulong Requests);
}
