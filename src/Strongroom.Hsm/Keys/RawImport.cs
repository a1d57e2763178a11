using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

// Ed25519 and X25519 keys out of templates: PKCS#11 3.2, 6.3.5 to 6.3.8. A private key is its 32 bytes; the point is computed, and one that the template brings along must be the same.
internal static class RawImport
{
    /// <summary>The curve that CKA_EC_PARAMS names, if keys of this type are on it.</summary>
    public static Outcome<RawCurve> FindCurve(KeyType type, ReadOnlySpan<RawAttribute> template)
    {
        if (!template.TryFind(AttributeType.EcParams, out var parameters))
        {
            return KeyCauses.ComponentMissing.On(AttributeType.EcParams);
        }

        var curve = type == KeyType.EcEdwards ? RawCurve.Ed25519 : RawCurve.X25519;
        return curve.IsNamedBy(parameters) ? curve : KeyCauses.CurveUnknown.On(AttributeType.EcParams);
    }

    public static Outcome<KeyMaterial> FromTemplate(ObjectClass objectClass, KeyType type, ReadOnlySpan<RawAttribute> template, ClusterMode mode)
    {
        var curve = FindCurve(type, template);
        if (!curve.IsOk)
        {
            return curve.Cause;
        }

        // SP 800-186 has Ed25519 for signatures; SP 800-56A has no X25519.
        if (mode == ClusterMode.Fips && curve.Value == RawCurve.X25519)
        {
            return KeyCauses.CurveNotApproved.On(AttributeType.EcParams);
        }

        var component = objectClass == ObjectClass.PublicKey ? AttributeType.EcPoint : AttributeType.Value;
        if (!template.TryFind(component, out var value))
        {
            return KeyCauses.ComponentMissing.On(component);
        }

        return objectClass == ObjectClass.PublicKey ? Public(curve.Value, value) : Private(curve.Value, value, template);
    }

    /// <summary>The 32 bytes of a point, bare or inside a DER OCTET STRING; empty if it is neither.</summary>
    public static ReadOnlySpan<byte> PointOf(ReadOnlySpan<byte> value) =>
        value.Length == RawCurve.KeySize ? value
        : value.Length == RawCurve.KeySize + 2 && value.SequenceEqual(EcPoint.ToOctetString(value[2..])) ? value[2..] : default;

    private static Outcome<KeyMaterial> Public(RawCurve curve, ReadOnlySpan<byte> value)
    {
        var point = PointOf(value);
        return point.IsEmpty ? KeyCauses.ComponentInvalid.On(AttributeType.EcPoint) : new RawKey(ObjectClass.PublicKey, EvpKey.OpenRawPublic(curve, point));
    }

    private static Outcome<KeyMaterial> Private(RawCurve curve, ReadOnlySpan<byte> value, ReadOnlySpan<RawAttribute> template)
    {
        if (value.Length != RawCurve.KeySize)
        {
            return KeyCauses.ComponentInvalid.On(AttributeType.Value);
        }

        var key = EvpKey.OpenRawPrivate(curve, value);
        if (template.TryFind(AttributeType.EcPoint, out var given) && !PointOf(given).SequenceEqual(key.ReadRawPublic()))
        {
            key.Dispose();
            return KeyCauses.Inconsistent.On(AttributeType.EcPoint);
        }

        return new RawKey(ObjectClass.PrivateKey, key);
    }
}
