using System.Buffers;
using System.IO.Pipelines;
using Strongroom.Wire;

namespace Strongroom.Node.Control;

/// <summary>The one request that this program sends itself.</summary>
internal static class UnsealRequests
{
    /// <summary>Sends the passphrase and waits for the answer.</summary>
    /// <returns>null if the HSM is open now, else its cause</returns>
    /// <exception cref="IOException">the HSM closed the connection</exception>
    public static async Task<string?> SendAsync(Stream stream, ReadOnlyMemory<byte> passphrase)
    {
        var request = new FrameBuffer();
        new FrameWriter().Request<UnsealRequest, UnsealReply>(request, 1, 0, 0, new UnsealRequest(passphrase));
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
