using System.Buffers;
using System.Security.Cryptography;

namespace Strongroom.Wire;

/// <summary>Collects frames before they are sent, and forgets them afterwards: a request may carry a password, a reply plaintext. The memory is pinned, so that the garbage collector leaves no copies.</summary>
public sealed class FrameBuffer : IBufferWriter<byte>
{
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(1024, pinned: true);
    private int _count;

    /// <summary>What has been written since the last <see cref="Wipe"/>.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _count);

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

    /// <summary>Overwrites what was written and starts anew.</summary>
    public void Wipe()
    {
        CryptographicOperations.ZeroMemory(_bytes.AsSpan(0, _count));
        _count = 0;
    }

    private void Grow(int room)
    {
        if (_bytes.Length - _count >= Math.Max(room, 1))
        {
            return;
        }

        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(_bytes.Length * 2, _count + room), pinned: true);
        _bytes.AsSpan(0, _count).CopyTo(larger);
        CryptographicOperations.ZeroMemory(_bytes);
        _bytes = larger;
    }
}
