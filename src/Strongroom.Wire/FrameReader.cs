using System.Formats.Cbor;

namespace Strongroom.Wire;

/// <summary>
/// Reads frames, one after the other, without allocating for them: one instance a connection and direction, not shared between threads.
/// Only the subset of docs/protocol.md passes (RFC 8949 4.2.1: definite lengths, shortest integers, nothing after the array).
/// </summary>
public sealed class FrameReader
{
    private const int HeadCount = 4;

    // Canonical mode refuses indefinite lengths and integers that are not in their shortest form.
    private readonly CborReader _cbor = new(ReadOnlyMemory<byte>.Empty, CborConformanceMode.Canonical);
    private int _fields;

    /// <summary>Starts a request's frame. Its fields are read next, by <see cref="Fields{T}"/>.</summary>
    /// <exception cref="WireFormatException">this is no request</exception>
    public RequestHead Request(ReadOnlyMemory<byte> frame)
    {
        try
        {
            Start(frame);
            return new RequestHead(_cbor.ReadUInt64(), (Function)_cbor.ReadUInt64(), _cbor.ReadUInt64(), _cbor.ReadUInt64());
        }
        catch (Exception e) when (IsFormat(e))
        {
            throw new WireFormatException("request: " + e.Message, e);
        }
    }

    /// <summary>Starts a reply's frame. With rv 0 its fields are read next, otherwise its <see cref="Cause"/>.</summary>
    /// <exception cref="WireFormatException">this is no reply</exception>
    public ReplyHead Reply(ReadOnlyMemory<byte> frame)
    {
        try
        {
            Start(frame);
            return new ReplyHead(_cbor.ReadUInt64(), _cbor.ReadUInt64(), _cbor.ReadUInt64(), _cbor.ReadUInt64());
        }
        catch (Exception e) when (IsFormat(e))
        {
            throw new WireFormatException("reply: " + e.Message, e);
        }
    }

    /// <summary>Reads the fields that follow the head, and that nothing follows them. Byte strings are slices of the frame.</summary>
    /// <exception cref="WireFormatException">the fields are not those of <typeparamref name="T"/></exception>
    public T Fields<T>()
        where T : IWireFields<T>
    {
        if (_fields != T.Count)
        {
            throw new WireFormatException($"{typeof(T).Name}: {_fields} fields, not {T.Count}");
        }

        try
        {
            var fields = T.Read(_cbor);
            End();
            return fields;
        }
        catch (Exception e) when (IsFormat(e))
        {
            throw new WireFormatException($"{typeof(T).Name}: {e.Message}", e);
        }
    }

    /// <summary>Reads the text that says why a request was refused.</summary>
    /// <exception cref="WireFormatException">there is none, or it is longer than 1024 bytes</exception>
    public string Cause()
    {
        if (_fields != 1)
        {
            throw new WireFormatException($"refusal: {_fields} fields, not 1");
        }

        try
        {
            var cause = Wire.Fields.Text(_cbor, 1024, "refusal");
            End();
            return cause;
        }
        catch (Exception e) when (IsFormat(e))
        {
            throw new WireFormatException("refusal: " + e.Message, e);
        }
    }

    private void Start(ReadOnlyMemory<byte> frame)
    {
        _cbor.Reset(frame);
        var count = _cbor.ReadStartArray().GetValueOrDefault(-1);
        if (count < HeadCount)
        {
            throw new WireFormatException("not an array of at least 4 items");
        }

        _fields = count - HeadCount;
    }

    private void End()
    {
        _cbor.ReadEndArray();
        if (_cbor.BytesRemaining != 0)
        {
            throw new WireFormatException($"{_cbor.BytesRemaining} bytes follow the array");
        }
    }

    // What CborReader throws for bytes that are not CBOR, for an item of another kind and for a number that does not fit.
    private static bool IsFormat(Exception e) => e is CborContentException or InvalidOperationException or OverflowException;
}
