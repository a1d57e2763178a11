using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>The family of signatures by key pairs: the private key signs, the public key verifies. A leaf says how its scheme follows from the parameter, and which inputs it takes.</summary>
public abstract class SignatureMechanism : Mechanism
{
    public sealed override MechanismFlags Flags => MechanismFlags.Sign | MechanismFlags.Verify | MoreFlags;

    public sealed override bool Multipart => Hash is not null;

    public override Approval Approval => Hash is { ApprovedForSigning: false } ? Approval.Legacy : Approval.Full;

    /// <summary>The hash that the mechanism computes itself; null if it signs the input as it comes.</summary>
    protected abstract DigestAlgorithm? Hash { get; }

    /// <summary>The type of its keys.</summary>
    protected abstract KeyType KeyType { get; }

    /// <summary>Flags beside sign and verify.</summary>
    protected virtual MechanismFlags MoreFlags => MechanismFlags.None;

    protected override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) =>
        type == KeyType && objectClass == (use == Use.Sign ? ObjectClass.PrivateKey : ObjectClass.PublicKey);

    /// <summary>The scheme; called after the parameter was judged.</summary>
    protected abstract SignatureScheme SchemeOf(in MechanismCall call);

    /// <summary>The longest and shortest input of a mechanism that signs it as it comes, in bytes.</summary>
    protected virtual (int Min, int Max) InputLengths(in MechanismCall call, AsymmetricKey key) => (0, int.MaxValue);

    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key)
    {
        var longest = Hash is null ? InputLengths(call, (AsymmetricKey)key!).Max : 0;
        return new OutputLength(((AsymmetricKey)key!).Evp.SignatureSize, 0, 1, longest);
    }

    protected override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        var pair = (AsymmetricKey)key!;
        Span<byte> digest = stackalloc byte[DigestAlgorithm.MaxSize];
        scoped var input = data;
        if (Hash is { } hash)
        {
            Digest.Compute(hash, data, digest);
            input = digest[..hash.Size];
        }
        else
        {
            var (min, max) = InputLengths(call, pair);
            if (data.Length < min || data.Length > max)
            {
                return MechanismCauses.DataLength;
            }
        }

        var done = use == Use.Sign ? Sign(pair, SchemeOf(call), input, output) : Verify(pair, SchemeOf(call), input, signature);
        return done.IsOk ? DrawnIv.None : done.Cause;
    }

    protected sealed override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode)
    {
        var scheme = SchemeOf(call);
        return new HashedOperation(key!, Hash!, (held, digest, signature, output) => use == Use.Sign ? Sign((AsymmetricKey)held, scheme, digest, output) : Verify((AsymmetricKey)held, scheme, digest, signature));
    }

    private static Outcome Sign(AsymmetricKey key, in SignatureScheme scheme, ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        var size = key.Evp.SignatureSize;
        key.Evp.Sign(scheme, input, output.Take(size));
        output.Advance(size);
        return Outcome.Ok;
    }

    private static Outcome Verify(AsymmetricKey key, in SignatureScheme scheme, ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature) =>
        signature.Length != key.Evp.SignatureSize ? MechanismCauses.SignatureLength
        : key.Evp.Verify(scheme, input, signature) ? Outcome.Ok : MechanismCauses.SignatureInvalid;
}
