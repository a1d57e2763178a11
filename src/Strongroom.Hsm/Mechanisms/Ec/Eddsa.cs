using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_EDDSA, PKCS#11 3.2, 6.3.16; FIPS 186-5 7, RFC 8032 5.1: Ed25519 without a parameter (or with one that says nothing), Ed25519ph with phFlag, Ed25519ctx with a context alone. The last two are NON_FIPS.
// Beyond the standard, Bits 2 is Ed25519ph of a digest: the data is the SHA-512 of what is signed, computed where it is.
// Ed25519 and Ed25519ctx go over the data twice (RFC 8032 5.1.6), so that parts are held back up to 1 MiB; whole data may be as long as a request. Ed25519ph takes parts of any length.
public sealed class Eddsa : Mechanism
{
    private const ulong OfDigest = 2;

    public override ulong Number => 0x1057;

    public override string Name => "CKM_EDDSA";

    public override MechanismFlags Flags => MechanismFlags.Sign | MechanismFlags.Verify | MechanismFlags.EcPrimeField | MechanismFlags.EcNamedCurve;

    public override KeySizes KeySizes => KeySizes.Raw;

    public override ParameterShape Shape => ParameterShape.Eddsa;

    public override bool Multipart => true;

    protected override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) =>
        type == KeyType.EcEdwards && objectClass == (use == Use.Sign ? ObjectClass.PrivateKey : ObjectClass.PublicKey);

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        call.Bits is > OfDigest || call.Iv.GetValueOrDefault().Length > Ed25519Variant.LongestContext ? MechanismCauses.ParameterShape
        : mode == ClusterMode.Fips && IsVariant(call) ? MechanismCauses.NotApproved : Outcome.Ok;

    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => new(Ed25519.SignatureSize, 0, 1, 0);

    protected override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        if (FormOf(call) == Ed25519Form.Digest && data.Length != DigestAlgorithm.Sha512.Size)
        {
            return MechanismCauses.DataLength;
        }

        var done = use == Use.Sign ? Sign(call, (RawKey)key!, data, output) : Verify(call, (RawKey)key!, data, signature);
        return done.IsOk ? DrawnIv.None : done.Cause;
    }

    protected override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode)
    {
        // The operation outlives the request whose memory the parameter stands in.
        var kept = call with { Iv = call.Iv.GetValueOrDefault().ToArray() };
        if (FormOf(call) == Ed25519Form.Prehash)
        {
            var ofDigest = kept with { Bits = OfDigest };
            return new HashedOperation(key!, DigestAlgorithm.Sha512, (held, digest, signature, output) => PerformChecked(use, ofDigest, held, mode, digest, signature, output).WithoutValue());
        }

        return new HeldBackOperation(use, key!, (held, data, signature, output) => PerformChecked(use, kept, held, mode, data, signature, output).WithoutValue());
    }

    private static Outcome Sign(in MechanismCall call, RawKey key, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        var signature = output.Take(Ed25519.SignatureSize);
        if (IsVariant(call))
        {
            using var seed = key.Evp.ReadRawPrivate();
            Ed25519Variant.Sign(seed.Span, FormOf(call), call.Iv.GetValueOrDefault().Span, data, signature);
        }
        else
        {
            key.Evp.SignWhole(data, signature);
        }

        output.Advance(Ed25519.SignatureSize);
        return Outcome.Ok;
    }

    private static Outcome Verify(in MechanismCall call, RawKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Ed25519.SignatureSize)
        {
            return MechanismCauses.SignatureLength;
        }

        var valid = IsVariant(call)
            ? Ed25519Variant.Verify(key.Evp.ReadRawPublic(), FormOf(call), call.Iv.GetValueOrDefault().Span, data, signature)
            : key.Evp.VerifyWhole(data, signature);
        return valid ? Outcome.Ok : MechanismCauses.SignatureInvalid;
    }

    private static Ed25519Form FormOf(in MechanismCall call) => call.Bits switch { 1 => Ed25519Form.Prehash, OfDigest => Ed25519Form.Digest, _ => Ed25519Form.Context };

    private static bool IsVariant(in MechanismCall call) => FormOf(call) != Ed25519Form.Context || !call.Iv.GetValueOrDefault().IsEmpty;
}
