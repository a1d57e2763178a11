using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

/// <summary>CKA_EC_POINT: the uncompressed point inside a DER OCTET STRING (PKCS#11 3.2, 6.3.3). On the way in the bare point is taken too, since old applications send it.</summary>
public static class EcPoint
{
    private const byte OctetString = 0x04;

    public static byte[] ToOctetString(ReadOnlySpan<byte> point) => point.Length < 128
        ? [OctetString, (byte)point.Length, .. point]
        : [OctetString, 0x81, checked((byte)point.Length), .. point];

    /// <summary>Takes the point out.</summary>
    /// <returns>Empty if it is neither form, or not an uncompressed point of the curve's size.</returns>
    public static ReadOnlySpan<byte> FromAttribute(EcCurve curve, ReadOnlySpan<byte> value)
    {
        var header = curve.PointSize < 128 ? 2 : 3;
        if (value.Length == header + curve.PointSize && value.SequenceEqual(ToOctetString(value[header..])))
        {
            value = value[header..];
        }

        return value.Length == curve.PointSize && value[0] == 0x04 ? value : default;
    }
}
