using System.Buffers;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// AES-GCM encryption in parts: any length, given out as it comes.
internal sealed class GcmEncryption : Operation
{
    private readonly AeadSealStream _cipher;
    private readonly int _tagSize;
    private byte[] _before;

    /// <param name="cipher">started</param>
    /// <param name="tagSize">bytes</param>
    /// <param name="drawn">the IV that goes back beside the ciphertext, if any</param>
    /// <param name="before">what goes out in front of the ciphertext</param>
    public GcmEncryption(AeadSealStream cipher, int tagSize, DrawnIv drawn, byte[] before)
    {
        _cipher = cipher;
        _tagSize = tagSize;
        _before = before;
        DrawnIv = drawn;
    }

    public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        GiveBefore(output);
        _cipher.Update(data, output.Take(data.Length));
        output.Advance(data.Length);
        return Outcome.Ok;
    }

    public override Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        GiveBefore(output);
        _cipher.Finish(output.Take(_tagSize));
        output.Advance(_tagSize);
        return Outcome.Ok;
    }

    public override void Dispose() => _cipher.Dispose();

    private void GiveBefore(IBufferWriter<byte> output)
    {
        output.Write(_before);
        _before = [];
    }
}
