using System.Buffers;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// A block cipher in parts: what is complete goes out at once. libcrypto's context has the key's schedule; the key itself is no longer needed.
internal sealed class StreamingOperation(CipherStream cipher, bool encrypts, ulong limit = ulong.MaxValue) : Operation
{
    private const int Block = 16;
    private ulong _left = limit;

    public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        if ((ulong)data.Length > _left)
        {
            return MechanismCauses.DataLength;
        }

        _left -= (ulong)data.Length;
        output.Advance(cipher.Update(data, output.Take(cipher.OutputBound(data.Length))));
        return Outcome.Ok;
    }

    public override Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        if (!cipher.TryFinish(output.Take(Block), out var written))
        {
            return encrypts ? MechanismCauses.DataLength : MechanismCauses.DecryptionFailed;
        }

        output.Advance(written);
        return Outcome.Ok;
    }

    public override void Dispose() => cipher.Dispose();
}
