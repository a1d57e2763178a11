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

    protected sealed override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode)
    {
        // The operation outlives the request whose memory the parameter stands in.
        var kept = call with { Iv = call.Iv.GetValueOrDefault().ToArray() };
        return new HashedOperation(key!, Hash, (held, digest, signature, output) => WorkOnHash(use, kept, (PostQuantumKey)held, Hash, digest, signature, output).WithoutValue());
    }
}
