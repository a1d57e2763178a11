using System.Buffers;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

/// <summary>An Ed25519 or X25519 key. Private bytes and public point are each 32 bytes, as RFC 8032 and RFC 7748 write them.</summary>
public sealed class RawKey(ObjectClass objectClass, EvpKey evp) : AsymmetricKey(objectClass, evp)
{
    /// <summary>PKCS#11 counts both curves so (3.2, 6.3.4 and 6.3.7).</summary>
    public const int CurveBits = 255;

    public override KeyType Type => TypeOf(Curve);

    public override int Bits => CurveBits;

    public RawCurve Curve => Evp.Raw!;

    /// <summary>CKK_EC_EDWARDS or CKK_EC_MONTGOMERY.</summary>
    public static KeyType TypeOf(RawCurve curve) => curve == RawCurve.Ed25519 ? KeyType.EcEdwards : KeyType.EcMontgomery;

    public override SecretBuffer Encode()
    {
        using var part = IsPrivate ? Evp.ReadRawPrivate() : SecretBuffer.CopyOf(Evp.ReadRawPublic());
        return KeyEncoding.Write(Class, Type, Curve.Number, part);
    }

    public override RawAttribute[] PublicAttributes() =>
    [
        new RawAttribute(AttributeType.EcParams, Curve.Oid),
        new RawAttribute(AttributeType.EcPoint, EcPoint.ToOctetString(Evp.ReadRawPublic())),
        new RawAttribute(AttributeType.PublicKeyInfo, Evp.SubjectPublicKeyInfo()),
    ];

    public override Outcome Read(AttributeType type, IBufferWriter<byte> output)
    {
        if (type != AttributeType.Value || !IsPrivate)
        {
            return KeyCauses.NoSuchComponent.On(type);
        }

        using var seed = Evp.ReadRawPrivate();
        output.Write(seed.Span);
        return Outcome.Ok;
    }
}
