using System.Buffers.Binary;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

/// <summary>
/// How a key is written before it is sealed: format 1; class; key type (16 bits); curve or parameter set (0: none); number of parts; length of each part (16 bits each); the parts.
/// Numbers are little-endian throughout, the order in which libcrypto takes them: opening a private key copies nothing and parses no DER (tens of microseconds in place of hundreds).
/// </summary>
public static class KeyEncoding
{
    private const byte Format = 1;
    private const int HeaderSize = 6;
    private const int MaxParts = 8;

    /// <summary>Opens what <see cref="KeyMaterial.Encode"/> gave. It was authenticated by its seal, so that a malformed one is a broken world.</summary>
    /// <exception cref="CryptoException">It is malformed.</exception>
    public static KeyMaterial Open(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length < HeaderSize || encoded[0] != Format || encoded[5] > MaxParts)
        {
            throw Malformed();
        }

        var objectClass = (ObjectClass)encoded[1];
        var type = (KeyType)BinaryPrimitives.ReadUInt16LittleEndian(encoded[2..]);
        var parts = new Parts(encoded);
        return (objectClass, type, parts.Count) switch
        {
            (ObjectClass.SecretKey, _, 1) => new SecretKey(type, SecretBuffer.CopyOf(parts[0])),
            (ObjectClass.PublicKey, KeyType.Rsa, 2) => new RsaKey(ObjectClass.PublicKey, EvpKey.OpenRsaPublic(parts[0], parts[1])),
            (ObjectClass.PrivateKey, KeyType.Rsa, 8) => new RsaKey(
                ObjectClass.PrivateKey, EvpKey.OpenRsaPrivate(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7])),
            (ObjectClass.PublicKey, KeyType.Ec, 1) => new EcKey(ObjectClass.PublicKey, EvpKey.OpenEcPublic(Curve(encoded[4]), parts[0])),
            (ObjectClass.PrivateKey, KeyType.Ec, 2) => new EcKey(ObjectClass.PrivateKey, EvpKey.OpenEcPrivate(Curve(encoded[4]), parts[0], parts[1])),
            (ObjectClass.PublicKey, KeyType.EcEdwards or KeyType.EcMontgomery, 1) => new RawKey(ObjectClass.PublicKey, EvpKey.OpenRawPublic(Raw(type, encoded[4]), parts[0])),
            (ObjectClass.PrivateKey, KeyType.EcEdwards or KeyType.EcMontgomery, 1) => new RawKey(ObjectClass.PrivateKey, EvpKey.OpenRawPrivate(Raw(type, encoded[4]), parts[0])),
            (ObjectClass.PublicKey, KeyType.MlDsa or KeyType.MlKem, 1) => new PostQuantumKey(ObjectClass.PublicKey, Set(type, encoded[4]), parts[0].ToArray(), null),
            (ObjectClass.PrivateKey, KeyType.MlDsa or KeyType.MlKem, 2) => new PostQuantumKey(ObjectClass.PrivateKey, Set(type, encoded[4]), parts[1].ToArray(), SecretBuffer.CopyOf(parts[0])),
            _ => throw Malformed(),
        };
    }

    /// <summary>Writes a key.</summary>
    internal static SecretBuffer Write(ObjectClass objectClass, KeyType type, byte curve, params ReadOnlySpan<SecretBuffer> parts)
    {
        var size = HeaderSize + 2 * parts.Length;
        foreach (var part in parts)
        {
            size += part.Length;
        }

        var buffer = SecretBuffer.Allocate(size);
        var output = buffer.Span;
        output[0] = Format;
        output[1] = (byte)objectClass;
        BinaryPrimitives.WriteUInt16LittleEndian(output[2..], checked((ushort)type));
        output[4] = curve;
        output[5] = (byte)parts.Length;
        var at = HeaderSize + 2 * parts.Length;
        for (var index = 0; index < parts.Length; index++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(output[(HeaderSize + 2 * index)..], checked((ushort)parts[index].Length));
            parts[index].Span.CopyTo(output[at..]);
            at += parts[index].Length;
        }

        return buffer;
    }

    private static RawCurve Raw(KeyType type, byte number)
    {
        var curve = type == KeyType.EcEdwards ? RawCurve.Ed25519 : RawCurve.X25519;
        return number == curve.Number ? curve : throw Malformed();
    }

    private static PostQuantumParameterSet Set(KeyType type, byte number) => PostQuantumKey.FindSet(type, number) ?? throw Malformed();

    private static EcCurve Curve(byte number) => EcCurve.FromNumber(number) ?? throw Malformed();

    private static CryptoException Malformed() => new("The stored form of a key is malformed.");

    // The parts of an encoding, as slices of it; lengths are checked against the whole before anything is read.
    private readonly ref struct Parts
    {
        private readonly ReadOnlySpan<byte> _encoded;

        public Parts(ReadOnlySpan<byte> encoded)
        {
            _encoded = encoded;
            Count = encoded[5];
            if (encoded.Length < HeaderSize + 2 * Count || Start(Count) != encoded.Length)
            {
                throw Malformed();
            }
        }

        public int Count { get; }

        public ReadOnlySpan<byte> this[int index] => _encoded.Slice(Start(index), Length(index));

        private int Length(int index) => BinaryPrimitives.ReadUInt16LittleEndian(_encoded[(HeaderSize + 2 * index)..]);

        private int Start(int index)
        {
            var start = HeaderSize + 2 * Count;
            for (var before = 0; before < index; before++)
            {
                start += Length(before);
            }

            return start;
        }
    }
}
