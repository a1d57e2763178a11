using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Strongroom.Node.Data;

/// <summary>
/// Decides before TLS who may come in, so that a flood of connections costs little: so many in all (CloudHSM: 2,048 an HSM), and so many that have not finished their handshake.
/// </summary>
internal sealed class Admission(ListenerCounters counters, ILogger logger)
{
    private const int MostConnections = 2048;
    private const int MostHalfOpen = 256;
    private int _connections;
    private int _halfOpen;

    // Last refusal that was logged, in ticks of 64 ms or so: a flood must not fill the disk with log lines.
    private long _lastLogged = long.MinValue / 2;

    /// <summary>Runs the rest of the connection's life if there is room.</summary>
    public async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var place = new Place(this);
        var connections = Interlocked.Increment(ref _connections);
        var halfOpen = Interlocked.Increment(ref _halfOpen);
        try
        {
            if (connections > MostConnections || halfOpen > MostHalfOpen)
            {
                Refuse(connection.RemoteEndPoint, connections > MostConnections ? $"there are {MostConnections} connections" : $"{MostHalfOpen} handshakes are under way");
                connection.Abort();
                return;
            }

            connection.Features.Set(place);
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            place.Opened();
            Interlocked.Decrement(ref _connections);
        }
    }

    private void Refuse(EndPoint? from, string cause)
    {
        counters.CountTurnedAway();
        var now = Environment.TickCount64;
        var last = Interlocked.Read(ref _lastLogged);
        if (now - last > 1000 && Interlocked.CompareExchange(ref _lastLogged, now, last) == last)
        {
            Log.TurnedAway(logger, from?.ToString() ?? "unknown", cause);
        }
    }

    /// <summary>A connection's place among the half-open ones.</summary>
    internal sealed class Place(Admission admission)
    {
        private int _opened;

        /// <summary>The handshake is done, or the connection has ended.</summary>
        public void Opened()
        {
            if (Interlocked.Exchange(ref _opened, 1) == 0)
            {
                Interlocked.Decrement(ref admission._halfOpen);
            }
        }
    }
}
