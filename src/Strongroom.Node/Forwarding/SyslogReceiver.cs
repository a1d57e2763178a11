using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Strongroom.Audit;
using Strongroom.Audit.Exports;
using Strongroom.Audit.Following;

namespace Strongroom.Node.Forwarding;

/// <summary>
/// Syslog messages (RFC 5424) over TLS (RFC 5425): facility 13 (log audit), the message's id is the operation, the message one JSON object. Syslog has no acknowledgement: what was sent into a connection that then broke may be lost,
/// so the batch in which that happens is sent again, and the numbers in the events show gaps and repetitions.
/// </summary>
internal sealed class SyslogReceiver(DnsEndPoint to, string? caFile) : IReceiver
{
    private const int Facility = 13;
    private const int Critical = 2;
    private const int Warning = 4;
    private const int Informational = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private SslStream? _stream;

    public async Task SendAsync(IReadOnlyList<FollowedItem> items, CancellationToken cancel)
    {
        var bytes = new MemoryStream();
        foreach (var item in items)
        {
            var message = Encoding.UTF8.GetBytes(Message(item));
            bytes.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message.Length} ")));   // octet counting, RFC 5425 section 4.3
            bytes.Write(message);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Patience);
        try
        {
            var stream = await ConnectAsync(deadline.Token).ConfigureAwait(false);
            await stream.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), deadline.Token).ConfigureAwait(false);
            await stream.FlushAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            await DisposeAsync().ConfigureAwait(false);
            throw new IOException(e is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:f0} s" : e.InnerException?.Message ?? e.Message, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is { } stream)
        {
            _stream = null;
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>One message, without its length.</summary>
    internal static string Message(FollowedItem item) => item switch
    {
        { Entry: { } entry } => Message(
            Severity(entry), entry.Event.Time, entry.Log.Hsm, entry.Log.Reboot, entry.Event.Operation.ToString(), JsonLines.ToText(entry)),
        { Head: { } head } => Message(Informational, head.Time, head.Hsm, head.Reboot, "Head", head.ToJson()),
        _ => throw new ArgumentException("an item is an event or a head", nameof(item)),
    };

    private static string Message(int severity, DateTimeOffset time, string hsm, uint reboot, string id, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"<{(Facility * 8) + severity}>1 {time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ} {hsm} strongroom {reboot} {id} - {text}");

    private static int Severity(AuditEntry entry) => entry.Event switch
    {
        { Operation: AuditOperation.AuditAlarm or AuditOperation.AuditRefusals or AuditOperation.AuditRecovery } => Critical,
        { Result: not 0 } => Warning,
        _ => Informational,
    };

    // A receiver never sends, so a read that ends means that it has gone: found out before the next batch is written into nothing.
    private async Task<SslStream> ConnectAsync(CancellationToken cancel)
    {
        if (_stream is { } known && _gone is { IsCompleted: false })
        {
            return known;
        }

        await DisposeAsync().ConfigureAwait(false);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, cancel).ConfigureAwait(false);
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            _stream = stream;
            await stream.AuthenticateAsClientAsync(ReceiverTrust.Options(to.Host, caFile), cancel).ConfigureAwait(false);
            _gone = stream.ReadAsync(new byte[1], CancellationToken.None).AsTask();
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Task<int>? _gone;
}
