using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Strongroom.Hsm;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>
/// One request and its reply, as a handler sees them. The reading loop uses one over and over; a request that is answered later has one of its own.
/// </summary>
internal sealed class Exchange(Peer peer, IBufferWriter<byte> output)
{
    private readonly FrameWriter _writer = new();
    private readonly List<ReadOnlyMemory<byte>> _secrets = [];

    /// <summary>The connection's two ends.</summary>
    public Peer Peer { get; } = peer;

    /// <summary>The HSM's module.</summary>
    public Module Module => Peer.Module;

    /// <summary>The instance. Only functions that need no attached instance may find none.</summary>
    public Caller Caller => Peer.Caller ?? throw new WireFormatException($"{Head.Function} before Attach");

    /// <summary>Reads the request.</summary>
    public FrameReader Reader { get; } = new();

    /// <summary>Takes what the module puts out before it is known how long it is; wiped after each request.</summary>
    public FrameBuffer Scratch { get; } = new();

    /// <summary>The request's head.</summary>
    public RequestHead Head { get; private set; }

    /// <summary>Starts with a frame.</summary>
    /// <exception cref="WireFormatException">it is no request</exception>
    public void Start(ReadOnlyMemory<byte> frame) => Head = Reader.Request(frame);

    /// <summary>Takes parts of the reply that are cleared once it is written.</summary>
    public void ClearAfterwards(IEnumerable<ReadOnlyMemory<byte>> secrets) => _secrets.AddRange(secrets);

    /// <summary>Writes the reply.</summary>
    public void Answer<TReply>(in Outcome<TReply> outcome)
        where TReply : IWireFields<TReply>
    {
        var position = Module.Position;
        if (outcome.IsOk)
        {
            _writer.Reply(output, Head.Id, position.Epoch, position.Sequence, outcome.Value);
        }
        else
        {
            Refuse(outcome.Cause, position);
        }

        Scratch.Wipe();
        foreach (var secret in _secrets)
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(secret).Span);
        }

        _secrets.Clear();
    }

    /// <summary>Writes a refusal.</summary>
    public void Refuse(Cause cause) => Refuse(cause, Module.Position);

    private void Refuse(Cause cause, Position position)
    {
        Peer.Counters.CountRefusal();
        _writer.Refusal(output, Head.Id, (ulong)cause.Rv, position.Epoch, position.Sequence, cause.ToString());
    }
}
