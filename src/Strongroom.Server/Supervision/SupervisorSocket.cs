using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Strongroom.Server.Deployment;

namespace Strongroom.Server.Supervision;

/// <summary>supervisor.sock: one request a connection. Only our own user reaches it (the umask makes it 0600).</summary>
internal sealed class SupervisorSocket : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Func<SupervisorVerb, ChildReport[]> _answer;
    private readonly ILogger _log;
    private readonly string _path;

    public SupervisorSocket(string path, Func<SupervisorVerb, ChildReport[]> answer, ILogger log)
    {
        (_path, _answer, _log) = (path, answer, log);
        // A socket left by a supervisor that was killed; ours is the lock, so it is nobody's.
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(16);
    }

    public async Task ServeAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var connection = await _listener.AcceptAsync(stop).ConfigureAwait(false);
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
                deadline.CancelAfter(AnswerWithin);
                var verb = new byte[1];
                if (await connection.ReceiveAsync(verb, deadline.Token).ConfigureAwait(false) == 1)
                {
                    await connection.SendAsync(JsonSerializer.SerializeToUtf8Bytes(_answer((SupervisorVerb)verb[0]), ServerJson.Default.ChildReportArray), deadline.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException or RefusalException)
            {
                _log.RequestFailed(error.Message);
            }
        }
    }

    /// <summary>Asks the supervisor of a DIR; null if none answers.</summary>
    public static async Task<ChildReport[]?> AskAsync(Layout layout, SupervisorVerb verb, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(AnswerWithin);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(layout.SupervisorSocket), deadline.Token).ConfigureAwait(false);
            await socket.SendAsync(new[] { (byte)verb }, deadline.Token).ConfigureAwait(false);
            using var stream = new NetworkStream(socket);
            return await JsonSerializer.DeserializeAsync(stream, ServerJson.Default.ChildReportArray, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or IOException or JsonException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }
}
