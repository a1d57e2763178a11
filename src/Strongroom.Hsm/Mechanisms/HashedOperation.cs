using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// An operation in parts over a mechanism that signs a hash of its input and nothing else of it: only the hash is kept, so that the input may have any length.
internal sealed class HashedOperation : Operation
{
    private readonly HeldBackOperation.Work _work;
    private readonly DigestStream _hash;
    private KeyMaterial? _key;

    /// <param name="key">its reference is kept</param>
    /// <param name="hash">of the input</param>
    /// <param name="work">works on the hash</param>
    public HashedOperation(KeyMaterial key, DigestAlgorithm hash, HeldBackOperation.Work work)
    {
        _work = work;
        _hash = new DigestStream(hash);
        _key = key.TryRetain() ? key : throw new ObjectDisposedException(nameof(KeyMaterial));
    }

    public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        _hash.Update(data);
        return Outcome.Ok;
    }

    public override Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        Span<byte> digest = stackalloc byte[_hash.Algorithm.Size];
        _hash.Finish(digest);
        return _work(_key!, digest, signature, output);
    }

    public override void Dispose()
    {
        _hash.Dispose();
        Interlocked.Exchange(ref _key, null)?.Release();
    }
}
