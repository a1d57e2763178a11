using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Strongroom.Node.Data;

/// <summary>
/// What SslStream reads from: the transport, one TLS record (RFC 8446, 5.1) at a time. SslStream decrypts in place in an array of the shared pool and gives it back as it is. Since it never has more than one record,
/// it does so as soon as that is taken, on the thread that took it; the next array of that size which this thread rents is the same one, and so it can be cleared.
/// </summary>
internal sealed class RecordStream(IDuplexPipe transport) : Stream
{
    private const int HeaderSize = 5;
    private readonly byte[] _header = new byte[HeaderSize];

    // Header bytes given out while the header is not complete, then the bytes of the record that are still to come.
    private int _headerGiven;
    private int _left;

    // Where the record lies in SslStream's array.
    private byte[]? _array;
    private int _from;
    private int _to;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Clears the record that SslStream has given out. If it has not done so wholly, nothing happens; the next call will.</summary>
    public void Wipe()
    {
        if (_array is not { } array)
        {
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(array.Length);
        if (ReferenceEquals(rented, array))
        {
            CryptographicOperations.ZeroMemory(array.AsSpan(_from, _to - _from));
            _array = null;
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var result = await transport.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var received = result.Buffer;
            if (received.IsEmpty)
            {
                transport.Input.AdvanceTo(received.End);
                if (result.IsCompleted)
                {
                    return 0;
                }

                continue;
            }

            // A read of nothing asks whether there is something.
            var taken = buffer.IsEmpty ? 0 : Take(received, buffer);
            transport.Input.AdvanceTo(received.GetPosition(taken));
            return taken;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if ((await transport.Output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false)).IsCompleted)
        {
            throw new IOException("the client closed the connection");
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => transport.Output.FlushAsync(cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Take(in ReadOnlySequence<byte> received, Memory<byte> buffer)
    {
        var most = (int)Math.Min(received.Length, buffer.Length);
        var taken = Math.Min(most, _left > 0 ? _left : HeaderSize - _headerGiven);
        if (_left == 0)
        {
            received.Slice(0, taken).CopyTo(_header.AsSpan(_headerGiven));
            _headerGiven += taken;
            if (_headerGiven == HeaderSize)
            {
                _left = taken + BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(HeaderSize - sizeof(ushort)));
                _headerGiven = 0;
                taken = Math.Min(most, _left);
            }
        }

        _left = Math.Max(0, _left - taken);
        received.Slice(0, taken).CopyTo(buffer.Span);
        Remember(buffer[..taken]);
        return taken;
    }

    private void Remember(Memory<byte> place)
    {
        if (!MemoryMarshal.TryGetArray<byte>(place, out var part) || part.Array is not { } array)
        {
            return;
        }

        (_from, _to) = ReferenceEquals(array, _array) ? (Math.Min(_from, part.Offset), Math.Max(_to, part.Offset + part.Count)) : (part.Offset, part.Offset + part.Count);
        _array = array;
    }
}
