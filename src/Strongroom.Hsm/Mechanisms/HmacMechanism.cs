using System.Buffers;
using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>The family of HMACs (FIPS 198-1) with the full length of the hash. In FIPS mode a key that makes new codes has at least 112 bits (SP 800-131A 10).</summary>
public abstract class HmacMechanism : Mechanism
{
    public sealed override MechanismFlags Flags => MechanismFlags.Sign | MechanismFlags.Verify;

    public sealed override KeySizes KeySizes => KeySizes.Secret;

    public sealed override bool Multipart => true;

    /// <summary>The hash.</summary>
    protected abstract DigestAlgorithm Hash { get; }

    /// <summary>The key type that is for this hash alone, taken beside CKK_GENERIC_SECRET.</summary>
    protected abstract KeyType OwnKeyType { get; }

    protected sealed override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) =>
        objectClass == ObjectClass.SecretKey && (type == KeyType.GenericSecret || type == OwnKeyType);

    protected sealed override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        mode == ClusterMode.Fips && use == Use.Sign && key.Bits < 112 ? MechanismCauses.KeySize : Outcome.Ok;

    protected sealed override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => new(Hash.Size, 0, 1, 0);

    protected sealed override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        Span<byte> code = stackalloc byte[Hash.Size];
        Hmac.Compute(Hash, ((SecretKey)key!).Value, data, code);
        var done = Deliver(use, code, signature, output);
        return done.IsOk ? DrawnIv.None : done.Cause;
    }

    protected sealed override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode) =>
        new HmacOperation(use, new HmacStream(Hash, ((SecretKey)key!).Value));

    private static Outcome Deliver(Use use, ReadOnlySpan<byte> code, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        if (use == Use.Sign)
        {
            output.Write(code);
            return Outcome.Ok;
        }

        return signature.Length != code.Length ? MechanismCauses.SignatureLength
            : CryptographicOperations.FixedTimeEquals(code, signature) ? Outcome.Ok : MechanismCauses.SignatureInvalid;
    }

    // libcrypto's context has the key's schedule; the key itself is no longer needed.
    private sealed class HmacOperation(Use use, HmacStream hmac) : Operation
    {
        public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
        {
            hmac.Update(data);
            return Outcome.Ok;
        }

        public override Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
        {
            Span<byte> code = stackalloc byte[hmac.Algorithm.Size];
            hmac.Finish(code);
            return Deliver(use, code, signature, output);
        }

        public override void Dispose() => hmac.Dispose();
    }
}
