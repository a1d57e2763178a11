using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

// EC keys out of templates: PKCS#11 3.2, 6.3.3 and 6.3.4. A private key is its scalar alone; the point is computed, and one that the template brings along must be the same.
internal static class EcImport
{
    public static Outcome<EcCurve> FindCurve(ReadOnlySpan<RawAttribute> template)
    {
        if (!template.TryFind(AttributeType.EcParams, out var oid))
        {
            return KeyCauses.ComponentMissing.On(AttributeType.EcParams);
        }

        return EcCurve.FromOid(oid) is { } curve ? curve : KeyCauses.CurveUnknown.On(AttributeType.EcParams);
    }

    public static Outcome<KeyMaterial> FromTemplate(ObjectClass objectClass, ReadOnlySpan<RawAttribute> template, ClusterMode mode)
    {
        var curve = FindCurve(template);
        if (!curve.IsOk)
        {
            return curve.Cause;
        }

        if (mode == ClusterMode.Fips && !curve.Value.Approved)
        {
            return KeyCauses.CurveNotApproved.On(AttributeType.EcParams);
        }

        return objectClass == ObjectClass.PublicKey ? Public(curve.Value, template) : Private(curve.Value, template);
    }

    private static Outcome<KeyMaterial> Public(EcCurve curve, ReadOnlySpan<RawAttribute> template)
    {
        if (!template.TryFind(AttributeType.EcPoint, out var value))
        {
            return KeyCauses.ComponentMissing.On(AttributeType.EcPoint);
        }

        var point = EcPoint.FromAttribute(curve, value);
        if (point.IsEmpty || !EvpKey.TryOpenEcPublic(curve, point, out var key))
        {
            return KeyCauses.ComponentInvalid.On(AttributeType.EcPoint);
        }

        return new EcKey(ObjectClass.PublicKey, key);
    }

    private static Outcome<KeyMaterial> Private(EcCurve curve, ReadOnlySpan<RawAttribute> template)
    {
        if (!template.TryFind(AttributeType.Value, out var value))
        {
            return KeyCauses.ComponentMissing.On(AttributeType.Value);
        }

        var significant = value.TrimStart((byte)0);
        if (significant.Length > curve.Size)
        {
            return KeyCauses.ComponentInvalid.On(AttributeType.Value);
        }

        using var scalar = SecretBuffer.Allocate(curve.Size);
        significant.CopyTo(scalar.Span[(curve.Size - significant.Length)..]);
        scalar.Span.Reverse();
        Span<byte> point = stackalloc byte[curve.PointSize];
        if (!curve.TryMultiplyBase(scalar.Span, point))
        {
            return KeyCauses.ComponentInvalid.On(AttributeType.Value);
        }

        if (template.TryFind(AttributeType.EcPoint, out var given) && !EcPoint.FromAttribute(curve, given).SequenceEqual(point))
        {
            return KeyCauses.Inconsistent.On(AttributeType.EcPoint);
        }

        return new EcKey(ObjectClass.PrivateKey, EvpKey.OpenEcPrivate(curve, scalar.Span, point));
    }
}
