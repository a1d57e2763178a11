using System.Buffers;
using System.Security.Cryptography;

namespace Strongroom.Crypto;

/// <summary>Collects bytes that nobody may find later and whose number is not known before: pinned, so that the garbage collector leaves no copies, and cleared when it grows and when it is disposed.</summary>
public sealed class ClearedWriter : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = [];
    private int _count;

    /// <summary>What was written, valid until the next write or <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    /// <inheritdoc/>
    public void Advance(int count) => _count += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsMemory(_count);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsSpan(_count);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _bytes = [];
        _count = 0;
    }

    private void Grow(int room)
    {
        if (_bytes.Length - _count >= Math.Max(room, 1))
        {
            return;
        }

        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(Math.Max(256, _bytes.Length * 2), _count + room), pinned: true);
        Written.CopyTo(larger);
        CryptographicOperations.ZeroMemory(_bytes);
        _bytes = larger;
    }
}
