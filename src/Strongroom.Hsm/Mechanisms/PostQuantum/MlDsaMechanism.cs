using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>
/// The family of ML-DSA signatures (FIPS 204 5). The parameter, which may be absent, has a context of at most 255 bytes, and says whether signing draws fresh randomness; without a word it does. BouncyCastle: NON_FIPS only.
/// </summary>
public abstract class MlDsaMechanism : Mechanism
{
    private const ulong Deterministic = 2;   // CKH_DETERMINISTIC_REQUIRED; 0 and 1 prefer and require hedging, which is always done otherwise

    public sealed override MechanismFlags Flags => MechanismFlags.Sign | MechanismFlags.Verify;

    public sealed override KeySizes KeySizes => KeySizes.MlDsa;

    public sealed override Approval Approval => Approval.None;

    public sealed override ParameterShape Shape => ParameterShape.SignContext;

    protected sealed override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) =>
        type == KeyType.MlDsa && objectClass == (use == Use.Sign ? ObjectClass.PrivateKey : ObjectClass.PublicKey);

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        call.Bits is > Deterministic || call.Iv.GetValueOrDefault().Length > MlDsaParameterSet.LongestContext || call.Hash is not null ? MechanismCauses.ParameterShape : Outcome.Ok;

    protected sealed override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => new(SetOf((PostQuantumKey)key!).SignatureSize, 0, 1, LongestInput(call));

    /// <summary>Bytes of the longest input; 0: no limit.</summary>
    protected virtual int LongestInput(in MechanismCall call) => 0;

    protected static MlDsaParameterSet SetOf(PostQuantumKey key) => (MlDsaParameterSet)key.Set;

    protected static ReadOnlySpan<byte> ContextOf(in MechanismCall call) => call.Iv.GetValueOrDefault().Span;

    protected static bool IsDeterministic(in MechanismCall call) => call.Bits == Deterministic;

    /// <summary>Signs or verifies a hash.</summary>
    protected static Outcome<DrawnIv> WorkOnHash(
        Use use, in MechanismCall call, PostQuantumKey key, DigestAlgorithm hash, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        var set = SetOf(key);
        if (use == Use.Sign)
        {
            output.Write(MlDsa.SignHash(set, key.Secret, ContextOf(call), IsDeterministic(call), hash, digest));
            return DrawnIv.None;
        }

        return signature.Length != set.SignatureSize ? MechanismCauses.SignatureLength
            : MlDsa.VerifyHash(set, key.PublicKey, ContextOf(call), hash, digest, signature) ? DrawnIv.None : MechanismCauses.SignatureInvalid;
    }
}
