namespace Strongroom.Crypto;

/// <summary>
/// Bytes of a key, in the locked arena; zeroed when disposed. It has no <c>ToString</c> and no array of its content.
/// There is no finalizer on purpose: a span into the arena does not keep its buffer alive, and a block that is reused under a running cipher is worse than one that is lost. So every owner disposes, and whoever shares one counts.
/// </summary>
public sealed unsafe class SecretBuffer : IDisposable
{
    private byte* _block;

    private SecretBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _block = SecretArena.Take(length);
        Length = length;
    }

    /// <summary>Bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes themselves, valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public Span<byte> Span => _block is not null ? new Span<byte>(_block, Length) : throw new ObjectDisposedException(nameof(SecretBuffer));

    internal byte* Pointer => _block is not null ? _block : throw new ObjectDisposedException(nameof(SecretBuffer));

    /// <summary>A zeroed buffer.</summary>
    /// <param name="length">Bytes; 0 is allowed.</param>
    /// <exception cref="SecretArenaFullException">No room.</exception>
    public static SecretBuffer Allocate(int length) => new(length);

    /// <summary>A copy. Clearing the source is the caller's matter.</summary>
    public static SecretBuffer CopyOf(ReadOnlySpan<byte> source)
    {
        var copy = new SecretBuffer(source.Length);
        source.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>Fresh random bytes.</summary>
    /// <param name="length">Bytes.</param>
    public static SecretBuffer Random(int length)
    {
        var buffer = new SecretBuffer(length);
        RandomSource.FillSecret(buffer.Span);
        return buffer;
    }

    public void Dispose()
    {
        var block = _block;
        _block = null;
        if (block is not null)
        {
            SecretArena.Give(block, Length);
        }
    }
}
