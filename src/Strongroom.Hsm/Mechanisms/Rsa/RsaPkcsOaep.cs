using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_RSA_PKCS_OAEP, PKCS#11 3.2, 6.1.9; RFC 8017 7.1, with a label.
public sealed class RsaPkcsOaep : Mechanism
{
    public override ulong Number => 0x9;

    public override string Name => "CKM_RSA_PKCS_OAEP";

    public override MechanismFlags Flags => MechanismFlags.Encrypt | MechanismFlags.Decrypt | MechanismFlags.Wrap | MechanismFlags.Unwrap;

    public override KeySizes KeySizes => KeySizes.Rsa;

    public override ParameterShape Shape => ParameterShape.Oaep;

    protected override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) => RsaCipher.Accepts(use, objectClass, type);

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) => OaepParameter.Read(call) is null ? MechanismCauses.HashUnknown : Outcome.Ok;

    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => RsaCipher.LengthOf(use, OaepParameter.Read(call)!.Value, (RsaKey)key!);

    protected override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        var scheme = OaepParameter.Read(call)!.Value;
        return use == Use.Encrypt ? RsaCipher.Encrypt(scheme, (RsaKey)key!, data, output, MechanismCauses.DataLength) : RsaCipher.Decrypt(scheme, (RsaKey)key!, data, output);
    }

    protected override Outcome<DrawnIv> WrapChecked(in MechanismCall call, KeyMaterial wrappingKey, ClusterMode mode, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output) =>
        RsaCipher.Encrypt(OaepParameter.Read(call)!.Value, (RsaKey)wrappingKey, bytes, output, MechanismCauses.KeyNotWrappable);

    protected override Outcome<SecretBuffer> UnwrapChecked(in MechanismCall call, KeyMaterial unwrappingKey, ClusterMode mode, ReadOnlySpan<byte> wrapped, KeyTarget target) =>
        RsaCipher.Unwrap(OaepParameter.Read(call)!.Value, (RsaKey)unwrappingKey, wrapped);
}
