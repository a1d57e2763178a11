using System.Buffers;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// AES-GCM decryption in parts. Nothing is given out before the tag has been verified (SP 800-38D 7.2): input of up to 1 MiB is held back. Longer input goes through twice. The first pass verifies the tag and keeps digests of the pieces alone;
// in the second the caller sends all of it again, and gets the plaintext of each piece that is the same as before. So input may have any length, and an operation takes 32 bytes a piece.
internal sealed class GcmDecryption : Operation
{
    private const int Longest = 1 << 20;

    private readonly HeldBackOperation.Work _whole;
    private readonly byte[]? _iv;
    private readonly byte[] _associated;
    private readonly int _tagSize;
    private readonly ArrayBufferWriter<byte> _held = new();
    private SecretKey? _key;
    private GcmPass? _pass;

    /// <param name="key">its reference is kept</param>
    /// <param name="iv">null: it stands in front of the ciphertext</param>
    /// <param name="associated">associated data</param>
    /// <param name="tagSize">bytes</param>
    /// <param name="whole">decrypts what could be held back</param>
    public GcmDecryption(SecretKey key, ReadOnlyMemory<byte>? iv, ReadOnlyMemory<byte> associated, int tagSize, HeldBackOperation.Work whole)
    {
        _whole = whole;
        _iv = iv?.ToArray();   // the operation outlives the request whose memory the parameter stands in
        _associated = associated.ToArray();
        _tagSize = tagSize;
        _key = key.TryRetain() ? key : throw new ObjectDisposedException(nameof(KeyMaterial));
    }

    public override bool GoesOn => _pass is { IsSecond: true, IsOver: false };

    public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        if (_pass is null && data.Length <= Longest - _held.WrittenCount)
        {
            _held.Write(data);
            return Outcome.Ok;
        }

        if (_pass is null)
        {
            _pass = new GcmPass(_key!.Value, _iv, _associated, _tagSize, first: null);
            _pass.Take(_held.WrittenSpan, output);
            _held.Clear();
        }

        return _pass.Take(data, output) ? Outcome.Ok : MechanismCauses.DecryptionFailed;
    }

    public override Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        if (_pass is null)
        {
            return _whole(_key!, _held.WrittenSpan, signature, output);
        }

        if (!_pass.Finish(output))
        {
            return MechanismCauses.DecryptionFailed;
        }

        if (!_pass.IsSecond)
        {
            var first = _pass;
            _pass = new GcmPass(_key!.Value, _iv, _associated, _tagSize, first);
            first.Dispose();
        }

        return Outcome.Ok;
    }

    public override void Dispose()
    {
        _held.Clear();
        _pass?.Dispose();
        Interlocked.Exchange(ref _key, null)?.Release();
    }
}
