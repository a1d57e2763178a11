using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>
/// The family of ECDSA (FIPS 186-5 6). Signatures are r and s, each as long as the order. In FIPS mode a hash that the mechanism computes must be as strong as the curve, as CloudHSM 5.16 has it.
/// </summary>
public abstract class EcdsaMechanism : SignatureMechanism
{
    private const int LongestHash = 64;

    public sealed override KeySizes KeySizes => KeySizes.Ec;

    protected sealed override MechanismFlags MoreFlags => MechanismFlags.EcPrimeField | MechanismFlags.EcNamedCurve | MechanismFlags.EcUncompressed;

    protected sealed override KeyType KeyType => KeyType.Ec;

    protected sealed override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        mode == ClusterMode.Fips && use == Use.Sign && Hash is { } hash && 8 * hash.Size < Math.Min(key.Bits, 512) ? MechanismCauses.HashShort : Outcome.Ok;

    protected sealed override SignatureScheme SchemeOf(in MechanismCall call) => SignatureScheme.Ecdsa;

    protected sealed override (int Min, int Max) InputLengths(in MechanismCall call, AsymmetricKey key) => (1, LongestHash);
}
