using System.Diagnostics;
using System.Net;
using System.Text;
using Strongroom.Wire;

namespace Strongroom.Client.Connections;

/// <summary>Holds the instance's one connection and its login ticket, and makes the connection anew when it broke.</summary>
internal sealed class Reconnector(HsmClientOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(10);
    private static readonly byte[] AttachLabel = "strongroom attach v1\0"u8.ToArray();

    private readonly InstanceKey _key = new();
    private readonly SemaphoreSlim _connecting = new(1, 1);

    // Written under _connecting; read by callers without it, who then find an open connection or queue.
    private volatile Connection? _connection;
    private volatile LoginTicket? _ticket;
    private int _next;

    public LoginTicket? Ticket
    {
        get => _ticket;
        set => _ticket = value;
    }

    public Deadline Deadline() => new(options.ReachWithin);

    /// <summary>An open, attached connection.</summary>
    public async ValueTask<Connection> GetAsync(Deadline giveUp, CancellationToken cancel)
    {
        if (_connection is { IsOpen: true } open)
        {
            return open;
        }

        await _connecting.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_connection is { IsOpen: true } other)
            {
                return other;
            }

            if (_connection is { } broken)
            {
                _connection = null;
                await broken.DisposeAsync().ConfigureAwait(false);
            }

            return _connection = await SearchAsync(giveUp, cancel).ConfigureAwait(false);
        }
        finally
        {
            _connecting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _key.Dispose();
        _connecting.Dispose();
    }

    // Every HSM once, then a pause that doubles, until the deadline. A server that is not this cluster ends the search: that does not heal.
    private async Task<Connection> SearchAsync(Deadline giveUp, CancellationToken cancel)
    {
        var pause = FirstPause;
        while (true)
        {
            HsmUnreachableException? last = null;
            for (var i = 0; i < options.Hsms.Count; i++)
            {
                var hsm = options.Hsms[_next % options.Hsms.Count];
                try
                {
                    return await OpenAsync(hsm, giveUp, cancel).ConfigureAwait(false);
                }
                catch (HsmUnreachableException e)
                {
                    last = e;
                    _next++;
                }
            }

            if (giveUp.Left < pause)
            {
                throw last ?? new HsmUnreachableException($"{options.ClusterId}: no HSM is configured", mayHaveTakenEffect: false);
            }

            await Task.Delay(pause, cancel).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<Connection> OpenAsync(IPEndPoint hsm, Deadline giveUp, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(giveUp.Left < HandshakeWithin ? Positive(giveUp.Left) : HandshakeWithin);
        var connection = new Connection(await SecureStream.OpenAsync(hsm, options.ClusterId, options.Trust, options.ClientCertificate, cancel, deadline.Token).ConfigureAwait(false), hsm.ToString());
        try
        {
            await AttachAsync(connection, hsm, cancel).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task AttachAsync(Connection connection, IPEndPoint hsm, CancellationToken cancel)
    {
        var hello = await connection.CallAsync<HelloRequest, HelloReply>(
            new(ProtocolLimits.Versions.ToArray(), _key.PublicKey, options.Application), HandshakeWithin, cancel).ConfigureAwait(false);
        if (hello.Cluster != options.ClusterId)
        {
            throw new HsmNotTrustedException($"{hsm} serves {hello.Cluster}, not {options.ClusterId}");
        }

        byte[] message = [.. AttachLabel, .. hello.Challenge.Span, .. Encoding.UTF8.GetBytes(hello.Cluster), 0, .. Encoding.UTF8.GetBytes(hello.Hsm)];
        var ticket = _ticket;
        var attached = await connection.CallAsync<AttachRequest, AttachReply>(new(_key.Sign(message), ticket?.Bytes), HandshakeWithin, cancel).ConfigureAwait(false);
        if (ticket is not null && !attached.LoggedIn)
        {
            Debug.Assert(attached.Cause is not null, "the protocol wants a cause");
            _ticket = null;
        }
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.FromMilliseconds(1);
}
