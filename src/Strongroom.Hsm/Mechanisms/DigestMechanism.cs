using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>The family of plain hashes.</summary>
public abstract class DigestMechanism : Mechanism
{
    public sealed override MechanismFlags Flags => MechanismFlags.Digest;

    public sealed override KeySizes KeySizes => KeySizes.None;

    public sealed override bool Multipart => true;

    public sealed override Approval Approval => Hash.ApprovedForSigning ? Approval.Full : Approval.Legacy;

    /// <summary>Which function.</summary>
    protected abstract DigestAlgorithm Hash { get; }

    protected sealed override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => new(Hash.Size, 0, 1, 0);

    protected sealed override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        Digest.Compute(Hash, data, output.Take(Hash.Size));
        output.Advance(Hash.Size);
        return DrawnIv.None;
    }

    protected sealed override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode) => new DigestOperation(Hash);

    private sealed class DigestOperation(DigestAlgorithm algorithm) : Operation
    {
        private readonly DigestStream _hash = new(algorithm);

        public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
        {
            _hash.Update(data);
            return Outcome.Ok;
        }

        public override Outcome Update(KeyMaterial key)
        {
            if (key is not SecretKey secret)
            {
                return MechanismCauses.KeyIndigestible;
            }

            _hash.Update(secret.Value);
            return Outcome.Ok;
        }

        public override Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
        {
            _hash.Finish(output.Take(algorithm.Size));
            output.Advance(algorithm.Size);
            return Outcome.Ok;
        }

        public override void Dispose() => _hash.Dispose();
    }
}
