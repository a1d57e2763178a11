using System.Buffers;
using System.Buffers.Binary;
using System.Formats.Cbor;

namespace Strongroom.Wire;

/// <summary>
/// Writes frames, one after the other, without allocating for them: one instance a connection and direction, not shared between threads.
/// What was written is wiped from the encoder's buffer, because replies may carry plaintext and requests a password.
/// </summary>
public sealed class FrameWriter
{
    private const int HeadCount = 4;
    private static readonly byte[] Zeros = new byte[ProtocolLimits.Frame];
    private readonly CborWriter _cbor = new(CborConformanceMode.Canonical, convertIndefiniteLengthEncodings: false, allowMultipleRootLevelValues: false);

    /// <summary>Writes a request.</summary>
    /// <exception cref="WireFormatException">the frame would be longer than the protocol allows</exception>
    public void Request<TRequest, TReply>(IBufferWriter<byte> output, ulong id, ulong epoch, ulong sequence, in TRequest request)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        Head(TRequest.Count, id, (ulong)TRequest.Function, epoch, sequence);
        request.Write(_cbor);
        Finish(output);
    }

    /// <summary>Writes the reply to a request that was carried out.</summary>
    /// <exception cref="WireFormatException">the frame would be longer than the protocol allows</exception>
    public void Reply<TReply>(IBufferWriter<byte> output, ulong id, ulong epoch, ulong sequence, in TReply reply)
        where TReply : IWireFields<TReply>
    {
        Head(TReply.Count, id, 0, epoch, sequence);
        reply.Write(_cbor);
        Finish(output);
    }

    /// <summary>Writes the reply to a request that was refused.</summary>
    /// <param name="output">where to</param>
    /// <param name="id">the request's number</param>
    /// <param name="rv">a CKR_ value, not 0</param>
    /// <param name="epoch">the cluster's epoch</param>
    /// <param name="sequence">the last change applied</param>
    /// <param name="cause">why, in words that are constant for each kind of refusal</param>
    public void Refusal(IBufferWriter<byte> output, ulong id, ulong rv, ulong epoch, ulong sequence, string cause)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rv);
        Head(1, id, rv, epoch, sequence);
        _cbor.WriteTextString(cause);
        Finish(output);
    }

    private void Head(int fields, ulong id, ulong second, ulong epoch, ulong sequence)
    {
        _cbor.Reset();
        _cbor.WriteStartArray(HeadCount + fields);
        _cbor.WriteUInt64(id);
        _cbor.WriteUInt64(second);
        _cbor.WriteUInt64(epoch);
        _cbor.WriteUInt64(sequence);
    }

    private void Finish(IBufferWriter<byte> output)
    {
        _cbor.WriteEndArray();
        var size = _cbor.BytesWritten;
        if (size > ProtocolLimits.Frame)
        {
            throw new WireFormatException($"a frame of {size} bytes, at most {ProtocolLimits.Frame}");
        }

        var span = output.GetSpan(Frames.PrefixSize + size);
        BinaryPrimitives.WriteUInt32BigEndian(span, (uint)size);
        _cbor.Encode(span[Frames.PrefixSize..]);
        output.Advance(Frames.PrefixSize + size);
        Wipe(size);
    }

    // Writes a byte string of zeros over the same bytes; its own header takes at most 5 of them.
    private void Wipe(int size)
    {
        const int header = 5;
        _cbor.Reset();
        _cbor.WriteByteString(Zeros.AsSpan(0, Math.Max(0, size - header)));
        _cbor.Reset();
    }
}
