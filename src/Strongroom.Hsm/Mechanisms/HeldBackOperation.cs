using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// An operation in parts over a mode that must see all of its input before it can give anything out: what comes is held back, up to 1 MiB (and the tag of what was as long as that), and worked on at the end.
internal sealed class HeldBackOperation : Operation
{
    private const int Longest = 1 << 20;
    private const int LongestTag = 16;

    private readonly Use _use;
    private readonly Work _work;
    private readonly ClearedWriter _held = new();
    private KeyMaterial? _key;

    public HeldBackOperation(Use use, KeyMaterial key, Work work, DrawnIv drawn = default)
    {
        DrawnIv = drawn;
        _use = use;
        _work = work;
        _key = key.TryRetain() ? key : throw new ObjectDisposedException(nameof(KeyMaterial));
    }

    /// <summary>The whole operation.</summary>
    public delegate Outcome Work(KeyMaterial key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output);

    public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        if (data.Length > (_use == Use.Decrypt ? Longest + LongestTag : Longest) - _held.Written.Length)
        {
            return _use == Use.Decrypt ? MechanismCauses.TooMuchCiphertextInParts : MechanismCauses.TooMuchInParts;
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
