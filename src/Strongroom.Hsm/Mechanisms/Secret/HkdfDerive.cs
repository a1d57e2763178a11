using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_HKDF_DERIVE, PKCS#11 3.2, 6.62; RFC 5869, SP 800-56C: extraction, expansion, or both, over any hash. The salt is absent, data, or a secret key of its own, which must be one to derive from as well.
public sealed class HkdfDerive : Mechanism
{
    private const ulong NoSalt = 1;
    private const ulong SaltIsData = 2;
    private const ulong SaltIsKey = 4;

    public override ulong Number => 0x402A;

    public override string Name => "CKM_HKDF_DERIVE";

    public override MechanismFlags Flags => MechanismFlags.Derive;

    public override KeySizes KeySizes => KeySizes.Secret;

    public override ParameterShape Shape => ParameterShape.Hkdf;

    protected override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) => objectClass == ObjectClass.SecretKey && type is KeyType.GenericSecret or KeyType.Hkdf;

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        HashMechanisms.FromMechanism(call.Hash) is null ? MechanismCauses.HashUnknown
        : call.Bits is not (1 or 2 or 3) ? MechanismCauses.HkdfSteps
        : call.Mgf is NoSalt or SaltIsData || (call.Mgf is SaltIsKey && call.OtherKey is SecretKey { Type: KeyType.GenericSecret or KeyType.Hkdf }) ? Outcome.Ok : MechanismCauses.HkdfSalt;

    public override ObjectHandle? OtherKeyOf(in MechanismCall call) => call.Mgf is SaltIsKey ? new ObjectHandle(call.Length.GetValueOrDefault()) : null;

    protected override int? NaturalLength(in MechanismCall call, KeyMaterial baseKey) => StepsOf(call) == HkdfSteps.Extract ? HashMechanisms.FromMechanism(call.Hash)!.Size : null;

    protected override Outcome<SecretBuffer> DeriveChecked(in MechanismCall call, KeyMaterial baseKey, int length)
    {
        var hash = HashMechanisms.FromMechanism(call.Hash)!;
        var steps = StepsOf(call);
        if (length > (steps == HkdfSteps.Extract ? hash.Size : 255 * hash.Size))
        {
            return KeyCauses.LengthInvalid.On(AttributeType.ValueLen);
        }

        // An extraction gives the whole pseudo-random key; a shorter derived key is its beginning.
        using var whole = SecretBuffer.Allocate(steps == HkdfSteps.Extract ? hash.Size : length);
        var salt = call.OtherKey is SecretKey saltKey ? saltKey.Value : call.Iv.GetValueOrDefault().Span;
        Hkdf.Derive(((SecretKey)baseKey).Value, salt, call.Aad.GetValueOrDefault().Span, whole.Span, hash, steps);
        return SecretBuffer.CopyOf(whole.Span[..length]);
    }

    private static HkdfSteps StepsOf(in MechanismCall call) => call.Bits switch
    {
        1 => HkdfSteps.Extract,
        2 => HkdfSteps.Expand,
        _ => HkdfSteps.ExtractAndExpand,
    };
}
