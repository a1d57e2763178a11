using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// An operation in parts over a mode that must see all of its input before it can give anything out: what comes is held back, up to 1 MiB, and worked on at the end.
internal sealed class HeldBackOperation : Operation
{
    private const int Longest = 1 << 20;

    private readonly Work _work;
    private readonly ClearedWriter _held = new();
    private KeyMaterial? _key;

    public HeldBackOperation(KeyMaterial key, Work work, DrawnIv drawn = default)
    {
        DrawnIv = drawn;
        _work = work;
        _key = key.TryRetain() ? key : throw new ObjectDisposedException(nameof(KeyMaterial));
    }

    /// <summary>The whole operation.</summary>
    public delegate Outcome Work(KeyMaterial key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output);

    public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        if (data.Length > Longest - _held.Written.Length)
        {
            return MechanismCauses.TooMuchInParts;
        }

        _held.Write(data);
        return Outcome.Ok;
    }

    public override Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output) => _work(_key!, _held.Written, signature, output);

    public override void Dispose()
    {
        _held.Dispose();
        Interlocked.Exchange(ref _key, null)?.Release();
    }
}
