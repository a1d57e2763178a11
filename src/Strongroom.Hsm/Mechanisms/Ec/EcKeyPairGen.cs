using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_EC_KEY_PAIR_GEN, PKCS#11 3.2, 6.3.9; FIPS 186-5 A.2. The curve is named by its object identifier in CKA_EC_PARAMS.
public sealed class EcKeyPairGen : Mechanism
{
    public override ulong Number => 0x1040;

    public override string Name => "CKM_EC_KEY_PAIR_GEN";

    public override MechanismFlags Flags => MechanismFlags.GenerateKeyPair | MechanismFlags.EcPrimeField | MechanismFlags.EcNamedCurve | MechanismFlags.EcUncompressed;

    public override KeySizes KeySizes => KeySizes.Ec;

    public override KeyType? GeneratedType => KeyType.Ec;

    protected override Outcome<KeyPair> GenerateKeyPairChecked(ReadOnlySpan<RawAttribute> publicTemplate, ClusterMode mode)
    {
        var curve = EcImport.FindCurve(publicTemplate);
        if (!curve.IsOk)
        {
            return curve.Cause;
        }

        if (mode == ClusterMode.Fips && !curve.Value.Approved)
        {
            return KeyCauses.CurveNotApproved.On(AttributeType.EcParams);
        }

        var key = EvpKey.GenerateEc(curve.Value);
        return new KeyPair(new EcKey(ObjectClass.PublicKey, EvpKey.OpenEcPublic(curve.Value, key.ReadPoint())), new EcKey(ObjectClass.PrivateKey, key));
    }
}
