using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SR_ML_DSA_EXTERNAL_MU, our vendor mechanism, since PKCS#11 3.2 has none: the input is the message representative μ of FIPS 204 6.2, 64 bytes that the caller hashed from public key, context and message.
// So the parameter's context must be empty.
public sealed class MlDsaExternalMu : MlDsaMechanism
{
    public override ulong Number => 0xD352001D;

    public override string Name => "CKM_SR_ML_DSA_EXTERNAL_MU";

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        ContextOf(call).IsEmpty ? base.CheckCall(use, call, key, mode) : MechanismCauses.ParameterShape;

    protected override int LongestInput(in MechanismCall call) => MlDsa.RepresentativeSize;

    protected override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        var (held, set) = ((PostQuantumKey)key!, SetOf((PostQuantumKey)key!));
        if (data.Length != MlDsa.RepresentativeSize)
        {
            return MechanismCauses.DataLength;
        }

        if (use == Use.Sign)
        {
            output.Write(MlDsa.SignRepresentative(set, held.Secret, IsDeterministic(call), data));
            return DrawnIv.None;
        }

        return signature.Length != set.SignatureSize ? MechanismCauses.SignatureLength
            : MlDsa.VerifyRepresentative(set, held.PublicKey, data, signature) ? DrawnIv.None : MechanismCauses.SignatureInvalid;
    }
}
