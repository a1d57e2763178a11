using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Strongroom.Hsm;
using Strongroom.Hsm.Audit;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>
/// The connection's way out. Whoever writes holds the turn: the reading loop for the replies of one read, which leave in one write; a deferred request for its own. Nothing leaves before the audit log has what it tells of.
/// </summary>
internal sealed class Replies(ConnectionContext connection, Peer peer, ILogger logger) : IDisposable
{
    // Replies wait for the end of the read, but not beyond this, so that many short requests with long replies don't fill memory.
    private const int FlushAt = Reception.Small;
    private static readonly TimeSpan TakenWithin = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);

    // Deferred requests whose replies wait for their turn.
    private int _waiting;

    /// <summary>Where replies are written by whoever has the turn.</summary>
    public PipeWriter Output { get; } = connection.Transport.Output;

    /// <summary>Whether replies wait to be sent.</summary>
    public bool AreWritten => Output.UnflushedBytes > 0;

    /// <summary>Whether so much waits that it should leave now.</summary>
    public bool AreMany => Output.UnflushedBytes > FlushAt;

    /// <summary>Waits for the turn.</summary>
    public Task TakeTurnAsync(CancellationToken cancel) => _turn.WaitAsync(cancel);

    /// <summary>Gives the turn to the next.</summary>
    public void EndTurn() => _turn.Release();

    /// <summary>Sends what was written; by whoever has the turn.</summary>
    /// <param name="tellsOfEventsOf">The instance, if the replies tell of more than uses of keys; its events must be on the disk first.</param>
    /// <exception cref="AuditFailedException">what the replies tell of can't be logged: they are not sent, and the connection ends</exception>
    /// <exception cref="TimeoutException">the client does not read; the connection ends</exception>
    /// <exception cref="IOException">the client has closed the connection</exception>
    public async ValueTask SendAsync(Caller? tellsOfEventsOf)
    {
        await SettleAuditAsync(tellsOfEventsOf).ConfigureAwait(false);
        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Sends a deferred request's reply when its turn comes, together with those that wait behind it.</summary>
    public async Task SendLaterAsync(FrameBuffer reply)
    {
        try
        {
            // Before its turn comes: what others log meanwhile is not waited for.
            await SettleAuditAsync(peer.Caller).ConfigureAwait(false);
            Interlocked.Increment(ref _waiting);
            await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                var isLast = Interlocked.Decrement(ref _waiting) == 0;
                Output.Write(reply.Written.Span);
                if (isLast || AreMany)
                {
                    await FlushAsync().ConfigureAwait(false);
                }
            }
            finally
            {
                EndTurn();
            }
        }
        catch (Exception e)
        {
            // The connection has ended while the request was served; its reply has nobody to go to.
            Log.Ended(logger, peer.Address, e.Message);
        }
    }

    public void Dispose() => _turn.Dispose();

    // Nobody hears of what is not logged: a connection whose replies can't be logged ends with them unsent.
    private async ValueTask SettleAuditAsync(Caller? tellsOfEventsOf)
    {
        try
        {
            await peer.Module.SettleAuditAsync(tellsOfEventsOf).ConfigureAwait(false);
        }
        catch (AuditFailedException e)
        {
            Log.TurnedAway(logger, peer.Address, e.Message);
            connection.Abort(new ConnectionAbortedException(e.Message));
            throw;
        }
    }

    // A client that never reads fills the socket, then the pipe, and then this deadline passes.
    private async ValueTask FlushAsync()
    {
        var flush = Output.FlushAsync(CancellationToken.None);
        FlushResult result;
        if (flush.IsCompleted)
        {
            result = flush.GetAwaiter().GetResult();
        }
        else
        {
            try
            {
                result = await flush.AsTask().WaitAsync(TakenWithin, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                Log.TurnedAway(logger, peer.Address, "it does not read its replies");
                connection.Abort(new ConnectionAbortedException("the client does not read its replies"));
                throw;
            }
        }

        if (result.IsCompleted || result.IsCanceled)
        {
            throw new IOException("the client closed the connection");
        }
    }
}
