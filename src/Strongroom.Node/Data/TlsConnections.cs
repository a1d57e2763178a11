using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Strongroom.Node.Data;

/// <summary>
/// TLS of the data listener's connections. Kestrel's own (UseHttps) leaves what was decrypted in pooled memory; here every buffer that holds it is cleared: the record where SslStream decrypts it, the pipes' blocks when
/// they are given back, and libssl's own buffer when it is freed (<see cref="Start.FreedMemory"/>).
/// </summary>
internal sealed class TlsConnections(Func<SslServerAuthenticationOptions> options, ClientTrust clients, TimeSpan handshakeWithin, ILogger logger)
{
    /// <summary>Shakes hands and runs the rest of the connection's life.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        var records = new RecordStream(transport);
        var tls = new SslStream(records, leaveInnerStreamOpen: true);
        try
        {
            if (!await ShakeHandsAsync(connection, tls).ConfigureAwait(false))
            {
                return;
            }

            var stream = new WipedStream(tls, records);
            var pipe = new Pipe(
                PipeReader.Create(stream, new StreamPipeReaderOptions(CleanBlocks.Pool, CleanBlocks.Smallest, leaveOpen: true, useZeroByteReads: true)),
                PipeWriter.Create(stream, new StreamPipeWriterOptions(CleanBlocks.Pool, CleanBlocks.Smallest, leaveOpen: true)));
            connection.Transport = pipe;
            try
            {
                await next(connection).ConfigureAwait(false);
            }
            finally
            {
                connection.Transport = transport;
                await pipe.CompleteAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            records.Wipe();
        }
    }

    private async Task<bool> ShakeHandsAsync(ConnectionContext connection, SslStream tls)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        deadline.CancelAfter(handshakeWithin);
        try
        {
            var client = new ClientIdentity();
            connection.Features.Set(client);
            await tls.AuthenticateAsServerAsync(clients.For(options(), client), deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            var cause = deadline.IsCancellationRequested && !connection.ConnectionClosed.IsCancellationRequested ? "no handshake within the deadline" : e.Message;
            Log.HandshakeFailed(logger, connection.RemoteEndPoint?.ToString() ?? "unknown", cause);
            connection.Abort(new ConnectionAbortedException(cause));
            return false;
        }
    }

    private sealed class Pipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;

        // What was not sent has nobody to go to; completing gives the blocks back.
        public async ValueTask CompleteAsync()
        {
            await input.CompleteAsync().ConfigureAwait(false);
            await output.CompleteAsync(new ConnectionAbortedException()).ConfigureAwait(false);
        }
    }
}
