using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_ML_DSA, PKCS#11 3.2, 6.67.5; FIPS 204 5.2 and 5.3: signs the message itself, in one piece or in parts of any length.
public sealed class MlDsaPure : MlDsaMechanism
{
    public override ulong Number => 0x1D;

    public override string Name => "CKM_ML_DSA";

    public override bool Multipart => true;

    protected override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        using var operation = new Signing(use, call, (PostQuantumKey)key!);
        operation.Update(data, output);
        var done = operation.Finish(signature, output);
        return done.IsOk ? DrawnIv.None : done.Cause;
    }

    protected override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode) => new Signing(use, call, (PostQuantumKey)key!);

    private sealed class Signing(Use use, in MechanismCall call, PostQuantumKey key) : Operation
    {
        private readonly int _signatureSize = SetOf(key).SignatureSize;
        private readonly MlDsaStream _message = use == Use.Sign
            ? MlDsaStream.ForSigning(SetOf(key), key.Secret, ContextOf(call), IsDeterministic(call))
            : MlDsaStream.ForVerifying(SetOf(key), key.PublicKey, ContextOf(call));

        public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
        {
            _message.Update(data);
            return Outcome.Ok;
        }

        public override Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
        {
            if (use == Use.Verify)
            {
                return signature.Length != _signatureSize ? MechanismCauses.SignatureLength : _message.Verify(signature) ? Outcome.Ok : MechanismCauses.SignatureInvalid;
            }

            output.Write(_message.Sign());
            return Outcome.Ok;
        }

        public override void Dispose() => _message.Dispose();
    }
}
