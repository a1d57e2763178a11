using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_HASH_ML_DSA, PKCS#11 3.2, 6.67.6; FIPS 204 5.4: the input is a hash, and the parameter names what made it.
public sealed class HashMlDsa : MlDsaMechanism
{
    public override ulong Number => 0x1F;

    public override string Name => "CKM_HASH_ML_DSA";

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        HashOf(call) is null ? MechanismCauses.HashUnknown : base.CheckCall(use, call with { Hash = null }, key, mode);

    protected override int LongestInput(in MechanismCall call) => HashOf(call)!.Size;

    protected override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        var hash = HashOf(call)!;
        return data.Length == hash.Size ? WorkOnHash(use, call, (PostQuantumKey)key!, hash, data, signature, output) : MechanismCauses.DataLength;
    }

    private static DigestAlgorithm? HashOf(in MechanismCall call) => HashMechanisms.FromMechanism(call.Hash) is { ApprovedForSigning: true } hash ? hash : null;
}
