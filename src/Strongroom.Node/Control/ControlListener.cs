using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Strongroom.Hsm;
using Strongroom.Node.Birth;
using Strongroom.Node.Data;
using Strongroom.Node.Life;
using Strongroom.Node.State;
using Strongroom.Wire;

namespace Strongroom.Node.Control;

/// <summary>The HSM's own Unix socket (mode 0600, in a directory of mode 0700): the same frames as on port 2223, without TLS, for whoever runs the host.</summary>
internal sealed class ControlListener : IAsyncDisposable
{
    private const int LongestPath = 107; // sun_path, unix(7)
    private const int MostConnections = 16;
    private const int LargestRequest = 65536;
    private static readonly Cause Unknown = new(Rv.FunctionNotSupported, "the control socket does not serve the function");

    private readonly Socket _socket;
    private readonly string _path;
    private readonly HsmLife _life;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _places = new(MostConnections, MostConnections);
    private readonly Task _accepting;

    private ControlListener(Socket socket, string path, HsmLife life, ILogger logger)
    {
        _socket = socket;
        _path = path;
        _life = life;
        _logger = logger;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Starts to serve. The caller holds the state directory's lock, so that a socket that lies there is nobody's.</summary>
    /// <exception cref="StateException">the socket can't be made</exception>
    public static ControlListener Start(string path, HsmLife life, ILogger logger)
    {
        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
        {
            throw new StateException($"{path} is too long for a Unix socket: {Encoding.UTF8.GetByteCount(path)} bytes, at most {LongestPath}. Choose a shorter --dir");
        }

        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(MostConnections);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new StateException($"{path}: {e.Message}", e);
        }

        return new ControlListener(socket, path, life, logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        File.Delete(_path);
        _stopping.Dispose();
        _places.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                await _places.WaitAsync(_stopping.Token).ConfigureAwait(false);
                var connection = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                open.RemoveAll(task => task.IsCompleted);
                open.Add(ServeAsync(connection));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await ServeAsync(stream).ConfigureAwait(false);
        }
        catch (WireFormatException e)
        {
            Log.Closed(_logger, e.Message);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The other side went away, or this one does.
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task ServeAsync(Stream stream)
    {
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(CleanBlocks.Pool, CleanBlocks.Smallest, leaveOpen: true));
        var reader = new FrameReader();
        var writer = new FrameWriter();
        var output = new FrameBuffer();
        while (true)
        {
            var result = await input.ReadAsync(_stopping.Token).ConfigureAwait(false);
            var received = result.Buffer;
            while (Frames.TryTake(ref received, out var frame, LargestRequest))
            {
                var copy = GC.AllocateUninitializedArray<byte>((int)frame.Length, pinned: true);
                frame.CopyTo(copy);
                await AnswerAsync(reader, writer, copy, output).ConfigureAwait(false);
                CryptographicOperations.ZeroMemory(copy); // it may have been a passphrase
                await stream.WriteAsync(output.Written, _stopping.Token).ConfigureAwait(false);
                output.Wipe();
            }

            input.AdvanceTo(received.Start, received.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(FrameReader reader, FrameWriter writer, byte[] frame, FrameBuffer output)
    {
        var head = reader.Request(frame);
        if (ControlFunctions.Find(head.Function) is not { } function)
        {
            Refuse(Unknown);
            return;
        }

        try
        {
            await function.ServeAsync(_life, reader, writer, head.Id, output, _stopping.Token).ConfigureAwait(false);
            if (head.Function != Function.DescribeHsm)
            {
                Log.Done(_logger, head.Function);
            }
        }
        catch (NotNowException e)
        {
            Refuse(new Cause(Rv.ActionProhibited, e.Message));
        }
        catch (BirthException e)
        {
            Refuse(new Cause(Rv.ArgumentsBad, e.Message));
        }
        catch (Exception e) when (e is not (WireFormatException or OperationCanceledException))
        {
            Log.Failed(_logger, head.Function, e);
            Refuse(new Cause(Rv.GeneralError, "the HSM failed while it served the request; its log has the cause"));
        }

        void Refuse(Cause cause)
        {
            Log.Refused(_logger, head.Function, cause.Text);
            writer.Refusal(output, head.Id, (ulong)cause.Rv, 0, 0, cause.Text);
        }
    }
}
