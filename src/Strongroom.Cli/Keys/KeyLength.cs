using System.Formats.Asn1;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;

namespace Strongroom.Cli.Keys;

/// <summary>
/// key-length-bytes of asymmetric keys, for which PKCS#11 has no CKA_VALUE_LEN. CloudHSM prints, of a private key, the length of its PKCS#8 form (RFC 5958); of a public one, two moduli (RSA),
/// the point (EC) or the key (ML-DSA).
/// </summary>
internal static class KeyLength
{
    // FIPS 204, table 2: public key and private key, bytes.
    private static readonly Dictionary<ulong, (int Public, int Private)> MlDsa = new() { [1] = (1312, 2560), [2] = (1952, 4032), [3] = (2592, 4896) };

    /// <summary>The length, or null if nothing tells it.</summary>
    /// <param name="read">an attribute's value; empty if the key has none</param>
    public static JsonNode? Of(Func<ulong, ReadOnlyMemory<byte>> read)
    {
        var isPrivate = AttributeValue.ReadNumber(read(Cka.Class).Span) == KeyClass.Private.Number;
        if (read(Cka.Modulus) is { Length: > 0 } modulus)
        {
            return isPrivate ? Pkcs8OfRsa(modulus.Length, read(Cka.PublicExponent).Length) : 2 * modulus.Length;
        }

        if (read(Cka.EcParams) is { Length: > 0 } curve)
        {
            var point = AttributeValue.WithoutOctetString(read(Cka.EcPoint).Span).Length;
            return point == 0 ? null : !isPrivate ? point : Curve.Of(curve.Span) is { IsEdwards: true } ? Pkcs8OfEd25519 : Pkcs8OfEc(curve.Span, point);
        }

        return read(Cka.ParameterSet) is { Length: > 0 } set && MlDsa.TryGetValue(AttributeValue.ReadNumber(set.Span), out var sizes) ? isPrivate ? sizes.Private : sizes.Public : null;
    }

    private const int Pkcs8OfEd25519 = 48; // RFC 8410, section 7

    // Modulus and primes have their highest bit set, and so a zero before them; of the other integers about half have.
    private static int Pkcs8OfRsa(int modulus, int exponent)
    {
        const byte high = 0x80, low = 0x01;
        (int Size, byte First)[] integers = [(modulus, high), (exponent, low), (modulus, high), (modulus / 2, high), (modulus / 2, high), (modulus / 2, high), (modulus / 2, low), (modulus / 2, low)];
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(0);
            foreach (var (size, first) in integers)
            {
                key.WriteIntegerUnsigned(Filled(size, first));
            }
        }

        return Pkcs8("1.2.840.113549.1.1.1", writer => writer.WriteNull(), key.Encode());
    }

    private static int Pkcs8OfEc(ReadOnlySpan<byte> curve, int point)
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(1);
            key.WriteOctetString(new byte[(point - 1) / 2]);
            using (key.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            {
                key.WriteBitString(new byte[point]);
            }
        }

        var parameters = curve.ToArray();
        return Pkcs8("1.2.840.10045.2.1", writer => writer.WriteEncodedValue(parameters), key.Encode());
    }

    private static int Pkcs8(string algorithm, Action<AsnWriter> parameters, byte[] key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(algorithm);
                parameters(writer);
            }

            writer.WriteOctetString(key);
        }

        return writer.GetEncodedLength();
    }

    private static byte[] Filled(int size, byte first)
    {
        var bytes = new byte[Math.Max(size, 1)];
        bytes[0] = first;
        return bytes;
    }
}
