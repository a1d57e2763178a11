using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>The family of key pair generations on curves whose keys are 32 bytes. CKA_EC_PARAMS names the curve, though there is one for each mechanism.</summary>
public abstract class RawKeyPairGeneration : Mechanism
{
    public sealed override MechanismFlags Flags => MechanismFlags.GenerateKeyPair | MechanismFlags.EcPrimeField | MechanismFlags.EcNamedCurve;

    public sealed override KeySizes KeySizes => KeySizes.Raw;

    protected sealed override Outcome<KeyPair> GenerateKeyPairChecked(ReadOnlySpan<RawAttribute> publicTemplate, ClusterMode mode)
    {
        var curve = RawImport.FindCurve(GeneratedType!.Value, publicTemplate);
        if (!curve.IsOk)
        {
            return curve.Cause;
        }

        var key = EvpKey.GenerateRaw(curve.Value);
        return new KeyPair(new RawKey(ObjectClass.PublicKey, EvpKey.OpenRawPublic(curve.Value, key.ReadRawPublic())), new RawKey(ObjectClass.PrivateKey, key));
    }
}
