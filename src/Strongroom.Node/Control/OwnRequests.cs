using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Strongroom.Node.State;
using Strongroom.Wire;

namespace Strongroom.Node.Control;

/// <summary>The requests that this program sends itself: those with a passphrase in them.</summary>
internal static class OwnRequests
{
    /// <summary>Sends a request to the HSM that runs on a state directory and waits for the answer.</summary>
    /// <returns>null if it was done, else the HSM's cause</returns>
    /// <exception cref="StateException">no HSM runs there, or it did not answer</exception>
    public static async Task<string?> SendAsync<TRequest, TReply>(string state, TRequest request)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        var path = Path.Combine(Path.GetFullPath(state), StateDirectory.ControlSocketName);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new StateException($"no HSM runs on {path}: {e.Message}", e);
        }

        await using var stream = new NetworkStream(socket);
        try
        {
            return await ExchangeAsync<TRequest, TReply>(stream, request).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or WireFormatException)
        {
            throw new StateException($"the HSM on {path} did not answer: {e.Message}", e);
        }
    }

    private static async Task<string?> ExchangeAsync<TRequest, TReply>(Stream stream, TRequest fields)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        var request = new FrameBuffer();
        new FrameWriter().Request<TRequest, TReply>(request, 1, 0, 0, fields);
        await stream.WriteAsync(request.Written).ConfigureAwait(false);
        request.Wipe();
        var input = PipeReader.Create(stream);
        while (true)
        {
            var result = await input.ReadAsync().ConfigureAwait(false);
            var received = result.Buffer;
            if (Frames.TryTake(ref received, out var frame))
            {
                var reader = new FrameReader();
                var head = reader.Reply(frame.ToArray());
                return head.Rv == 0 ? null : reader.Cause();
            }

            if (result.IsCompleted)
            {
                throw new IOException("the HSM closed the connection");
            }

            input.AdvanceTo(received.Start, received.End);
        }
    }
}
