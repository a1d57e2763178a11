using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// AES-GCM encryption in parts: any length, given out as it comes.
internal sealed class GcmEncryption : Operation
{
    private readonly AeadSealStream _cipher;
    private readonly int _tagSize;

    public GcmEncryption(AeadSealStream cipher, int tagSize, DrawnIv drawn)
    {
        _cipher = cipher;
        _tagSize = tagSize;
        DrawnIv = drawn;
    }

    public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        _cipher.Update(data, output.Take(data.Length));
        output.Advance(data.Length);
        return Outcome.Ok;
    }

    public override Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        _cipher.Finish(output.Take(_tagSize));
        output.Advance(_tagSize);
        return Outcome.Ok;
    }

    public override void Dispose() => _cipher.Dispose();
}

// AES-GCM decryption in parts: the ciphertext is held back, up to 1 MiB, and nothing is given out before the tag has been verified (SP 800-38D 7.2).
internal sealed class GcmDecryption : Operation
{
    private const int Longest = 1 << 20;

    private readonly byte[] _iv;
    private readonly byte[] _associated;
    private readonly int _tagSize;
    private readonly ArrayBufferWriter<byte> _held = new();
    private SecretKey? _key;

    public GcmDecryption(SecretKey key, byte[] iv, byte[] associated, int tagSize)
    {
        _iv = iv;
        _associated = associated;
        _tagSize = tagSize;
        _key = key.TryRetain() ? key : throw new ObjectDisposedException(nameof(KeyMaterial));
    }

    public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        if (data.Length > Longest - _held.WrittenCount)
        {
            return MechanismCauses.TooMuchInParts;
        }

        _held.Write(data);
        return Outcome.Ok;
    }

    public override Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        if (!AesGcm.TryOpen(_key!.Value, _iv, _associated, _tagSize, _held.WrittenSpan, output.Take(_held.WrittenCount), out var written))
        {
            return MechanismCauses.DecryptionFailed;
        }

        output.Advance(written);
        return Outcome.Ok;
    }

    public override void Dispose() => Interlocked.Exchange(ref _key, null)?.Release();
}
