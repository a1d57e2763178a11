using System.Buffers;
using System.Security.Cryptography;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// One pass over a long ciphertext: IV if it stands in front, body, tag. The first verifies and remembers, the second compares and gives out.
internal sealed class GcmPass : IDisposable
{
    private const int Piece = 32 << 10;
    private const int IvSize = 12;

    private readonly ArrayBufferWriter<byte> _digests;   // of each piece, in order; filled by the first pass
    private readonly GcmPass? _first;
    private readonly int _tagSize;
    private readonly byte[] _iv;
    private readonly byte[] _buffer;                     // a piece, and what may be the tag
    private readonly byte[] _plain = GC.AllocateUninitializedArray<byte>(Piece, pinned: true);
    private readonly byte[] _associated;
    private readonly SecretBuffer _key;
    private AeadOpenStream? _cipher;
    private int _ivCount;
    private int _count;
    private int _pieces;

    public GcmPass(ReadOnlySpan<byte> key, byte[]? iv, byte[] associated, int tagSize, GcmPass? first)
    {
        _first = first;
        _digests = first?._digests ?? new ArrayBufferWriter<byte>();
        _tagSize = tagSize;
        _associated = associated;
        _buffer = new byte[Piece + tagSize];
        _iv = iv ?? new byte[IvSize];
        _ivCount = iv is null ? 0 : _iv.Length;
        _key = SecretBuffer.CopyOf(key);
    }

    public bool IsSecond => _first is not null;

    public bool IsOver { get; private set; }

    /// <summary>Takes one part.</summary>
    /// <returns>False if the second pass brings something else than the first.</returns>
    public bool Take(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        var front = Math.Min(_iv.Length - _ivCount, data.Length);
        data[..front].CopyTo(_iv.AsSpan(_ivCount));
        _ivCount += front;
        for (data = data[front..]; !data.IsEmpty;)
        {
            var taken = Math.Min(data.Length, _buffer.Length - _count);
            data[..taken].CopyTo(_buffer.AsSpan(_count));
            _count += taken;
            data = data[taken..];
            if (_count == _buffer.Length)
            {
                if (!Work(Piece, output))
                {
                    return false;
                }

                _buffer.AsSpan(Piece).CopyTo(_buffer);
                _count = _tagSize;
            }
        }

        return true;
    }

    /// <summary>Ends.</summary>
    /// <returns>Whether the tag verifies, or in the second pass whether all was the same.</returns>
    public bool Finish(IBufferWriter<byte> output)
    {
        IsOver = true;
        if (_count < _tagSize || !Work(_count - _tagSize, output))
        {
            return false;
        }

        var tag = _buffer.AsSpan(_count - _tagSize, _tagSize);
        return _first is null ? _cipher!.TryFinish(tag)
            : _pieces == _first._pieces && CryptographicOperations.FixedTimeEquals(tag, _first._buffer.AsSpan(_first._count - _tagSize, _tagSize));
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_plain);
        _cipher?.Dispose();
        _key.Dispose();
    }

    private bool Work(int length, IBufferWriter<byte> output)
    {
        _cipher ??= new AeadOpenStream(_key.Span, _iv, _associated);
        var piece = _buffer.AsSpan(0, length);
        Span<byte> digest = stackalloc byte[DigestAlgorithm.Sha256.Size];
        Digest.Compute(DigestAlgorithm.Sha256, piece, digest);
        var number = _pieces++;
        if (_first is null)
        {
            _digests.Write(digest);
            _cipher.Update(piece, _plain.AsSpan(0, length));
            return true;
        }

        if (number >= _first._pieces || !_iv.AsSpan().SequenceEqual(_first._iv) || !digest.SequenceEqual(_digests.WrittenSpan.Slice(number * digest.Length, digest.Length)))
        {
            return false;
        }

        _cipher.Update(piece, output.Take(length));
        output.Advance(length);
        return true;
    }
}
