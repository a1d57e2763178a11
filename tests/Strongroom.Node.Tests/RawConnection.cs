using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node;

/// <summary>A connection on which any bytes can be sent, right or wrong.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TcpClient _socket = new() { NoDelay = true };
    private readonly FrameReader _reader = new();
    private readonly bool _ownsKey;
    private SslStream? _stream;

    private RawConnection(InstanceKey? key) => (Key, _ownsKey) = (key ?? new InstanceKey(), key is null);

    /// <summary>An attacker does not mind whom it talks to.</summary>
    public static bool AnyCertificate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;

    public InstanceKey Key { get; }

    public SslStream Stream => _stream!;

    public FrameReader Reader => _reader;

    /// <summary>Shakes hands.</summary>
    /// <param name="hsm">where to</param>
    /// <param name="key">the instance's; a fresh one if none is given</param>
    /// <param name="from">an address of ours</param>
    public static async Task<RawConnection> OpenAsync(IPEndPoint hsm, InstanceKey? key = null, IPAddress? from = null)
    {
        var raw = new RawConnection(key);
        if (from is not null)
        {
            raw._socket.Client.Bind(new IPEndPoint(from, 0));
        }

        await raw._socket.ConnectAsync(hsm);
        raw._stream = new SslStream(raw._socket.GetStream(), false, AnyCertificate);
        await raw._stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = TestHsm.Cluster, ApplicationProtocols = [new(ProtocolLimits.Alpn)] });
        return raw;
    }

    public static async Task<RawConnection> AttachedAsync(IPEndPoint hsm)
    {
        var raw = await OpenAsync(hsm);
        Assert.Equal(0UL, (await raw.AttachAsync(raw.Key.Sign(await raw.HelloAsync()))).Rv);
        return raw;
    }

    /// <summary>Says hello; returns what has to be signed.</summary>
    public async Task<byte[]> HelloAsync()
    {
        await SendAsync<HelloRequest, HelloReply>(1, new([1], Key.PublicKey, "raw"));
        Assert.Equal(0UL, (await ReceiveAsync()).Rv);
        var hello = _reader.Fields<HelloReply>();
        return [.. "strongroom attach v1\0"u8, .. hello.Challenge.Span, .. Encoding.UTF8.GetBytes(hello.Cluster), 0, .. Encoding.UTF8.GetBytes(hello.Hsm)];
    }

    public async Task<ReplyHead> AttachAsync(byte[] signature, byte[]? ticket = null)
    {
        await SendAsync<AttachRequest, AttachReply>(2, new(signature, ticket is null ? (ReadOnlyMemory<byte>?)null : ticket));
        return await ReceiveAsync();
    }

    public async Task SendAsync<TRequest, TReply>(ulong id, TRequest request)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply> => await Stream.WriteAsync(Frame<TRequest, TReply>(id, request));

    public static byte[] Frame<TRequest, TReply>(ulong id, TRequest request)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        var output = new ArrayBufferWriter<byte>();
        new FrameWriter().Request<TRequest, TReply>(output, id, 0, 0, request);
        return output.WrittenSpan.ToArray();
    }

    public async Task<ReplyHead> ReceiveAsync()
    {
        var length = new byte[4];
        await Stream.ReadExactlyAsync(length).AsTask().WaitAsync(Patience);
        var frame = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(length)];
        await Stream.ReadExactlyAsync(frame).AsTask().WaitAsync(Patience);
        return _reader.Reply(frame);
    }

    /// <summary>True if the HSM ends the connection, whatever it sent before.</summary>
    public async Task<bool> IsClosedAsync(TimeSpan? within = null)
    {
        var ignored = new byte[65536];
        using var deadline = new CancellationTokenSource(within ?? Patience);
        try
        {
            while (await Stream.ReadAsync(ignored, deadline.Token) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (_ownsKey)
        {
            Key.Dispose();
        }

        _stream?.Dispose();
        _socket.Dispose();
    }
}
