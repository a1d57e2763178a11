using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Strongroom.Node.Data;

/// <summary>
/// The one thing that a connection is waiting for, with the time it may take; some seconds after it has passed the connection is dropped.
/// Looked at every few seconds, so that setting it costs the hot path nothing but a store.
/// </summary>
internal sealed class ConnectionDeadline : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);
    private readonly ConnectionContext _connection;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _address;
    private readonly ITimer _timer;

    // Written by the reading loop, read by the timer: what is awaited is written before the time, and the time is 0 while nothing is awaited.
    private string _awaited = "";
    private long _due;

    public ConnectionDeadline(ConnectionContext connection, TimeProvider clock, ILogger logger, string address)
    {
        _connection = connection;
        _clock = clock;
        _logger = logger;
        _address = address;
        _timer = clock.CreateTimer(static state => ((ConnectionDeadline)state!).Look(), this, Tick, Tick);
    }

    /// <summary>Whether something is awaited.</summary>
    public bool IsArmed => _due != 0;

    /// <summary>Starts the time anew.</summary>
    public void Arm(string awaited, TimeSpan within)
    {
        _awaited = awaited;
        Volatile.Write(ref _due, _clock.GetTimestamp() + (long)(within.TotalSeconds * _clock.TimestampFrequency));
    }

    /// <summary>It came.</summary>
    public void Disarm() => Volatile.Write(ref _due, 0);

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        var due = Volatile.Read(ref _due);
        if (due != 0 && _clock.GetTimestamp() > due)
        {
            var cause = $"no {_awaited} within the deadline";
            Log.TurnedAway(_logger, _address, cause);
            _connection.Abort(new ConnectionAbortedException(cause));
        }
    }
}
