using System.Buffers;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

/// <summary>An EC key on a named curve.</summary>
public sealed class EcKey(ObjectClass objectClass, EvpKey evp) : AsymmetricKey(objectClass, evp)
{
    public override KeyType Type => KeyType.Ec;

    public EcCurve Curve => Evp.Curve!;

    public override SecretBuffer Encode()
    {
        using var point = SecretBuffer.CopyOf(Evp.ReadPoint());
        if (!IsPrivate)
        {
            return KeyEncoding.Write(Class, Type, Curve.Number, point);
        }

        using var scalar = Evp.ReadNumber("priv", Curve.Size);
        return KeyEncoding.Write(Class, Type, Curve.Number, scalar, point);
    }

    public override RawAttribute[] PublicAttributes() =>
    [
        new RawAttribute(AttributeType.EcParams, Curve.Oid),
        new RawAttribute(AttributeType.EcPoint, EcPoint.ToOctetString(Evp.ReadPoint())),
        new RawAttribute(AttributeType.PublicKeyInfo, Evp.SubjectPublicKeyInfo()),
    ];

    public override Outcome Read(AttributeType type, IBufferWriter<byte> output)
    {
        if (type != AttributeType.Value || !IsPrivate)
        {
            return KeyCauses.NoSuchComponent.On(type);
        }

        using var scalar = BigEndian("priv", Curve.Size);
        output.Write(scalar.Span);
        return Outcome.Ok;
    }
}
