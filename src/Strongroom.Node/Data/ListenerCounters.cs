using Strongroom.Hsm;

namespace Strongroom.Node.Data;

/// <summary>What the data listener counts, beside the module's own counters.</summary>
internal sealed class ListenerCounters
{
    private long _connections;
    private ulong _accepted;
    private ulong _turnedAway;
    private ulong _malformed;
    private ulong _requests;
    private ulong _refused;

    /// <summary>Connections open now.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    public void Opened()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _accepted);
    }

    public void Closed() => Interlocked.Decrement(ref _connections);

    public void CountTurnedAway() => Interlocked.Increment(ref _turnedAway);

    public void CountMalformed() => Interlocked.Increment(ref _malformed);

    public void CountRequests(ulong requests) => Interlocked.Add(ref _requests, requests);

    public void CountRefusal() => Interlocked.Increment(ref _refused);

    /// <summary>The numbers, for /metrics and status.</summary>
    public IEnumerable<Counter> Read() =>
    [
        new("strongroom_connections", (ulong)Math.Max(0, Connections), IsGauge: true),
        new("strongroom_connections_accepted_total", Volatile.Read(ref _accepted)),
        new("strongroom_connections_turned_away_total", Volatile.Read(ref _turnedAway)),
        new("strongroom_malformed_frames_total", Volatile.Read(ref _malformed)),
        new("strongroom_requests_total", Volatile.Read(ref _requests)),
        new("strongroom_refusals_total", Volatile.Read(ref _refused)),
    ];
}
