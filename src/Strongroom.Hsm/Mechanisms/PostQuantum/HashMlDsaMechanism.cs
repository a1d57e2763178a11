using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>The family of HashML-DSA that hashes here (PKCS#11 3.2, 6.67.7; FIPS 204 5.4), in one piece or in parts of any length.</summary>
public abstract class HashMlDsaMechanism : MlDsaMechanism
{
    public sealed override bool Multipart => true;

    /// <summary>The hash.</summary>
    protected abstract DigestAlgorithm Hash { get; }

    protected sealed override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        Span<byte> digest = stackalloc byte[DigestAlgorithm.MaxSize];
        Digest.Compute(Hash, data, digest);
        return WorkOnHash(use, call, (PostQuantumKey)key!, Hash, digest[..Hash.Size], signature, output);
    }

    // The operation outlives the request whose memory the parameter stands in.
    protected sealed override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode) =>
        new Hashing(use, call with { Iv = call.Iv.GetValueOrDefault().ToArray() }, (PostQuantumKey)key!, Hash);

    private sealed class Hashing : Operation
    {
        private readonly Use _use;
        private readonly MechanismCall _call;
        private readonly DigestStream _hash;
        private PostQuantumKey? _key;

        public Hashing(Use use, in MechanismCall call, PostQuantumKey key, DigestAlgorithm hash)
        {
            _use = use;
            _call = call;
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
            return WorkOnHash(_use, _call, _key!, _hash.Algorithm, digest, signature, output).WithoutValue();
        }

        public override void Dispose()
        {
            _hash.Dispose();
            Interlocked.Exchange(ref _key, null)?.Release();
        }
    }
}
