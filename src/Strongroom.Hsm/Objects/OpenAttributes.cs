using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Numerics;
using System.Text;

namespace Strongroom.Hsm.Objects;

/// <summary>Reads the attributes of an object that are not secret, in PKCS#11's layout.</summary>
internal static class OpenAttributes
{
    private const ulong Sha1Mechanism = 0x220;   // CKM_SHA_1, the standard's default of CKA_NAME_HASH_ALGORITHM

    private static readonly byte[] False = [0];
    private static readonly byte[] True = [1];
    private static readonly byte[] Zero = new byte[sizeof(ulong)];

    // CK_UNAVAILABLE_INFORMATION: the HSM does not know how the key was generated.
    private static readonly byte[] Unavailable = [255, 255, 255, 255, 255, 255, 255, 255];

    /// <summary>Reads one attribute.</summary>
    /// <returns>False if the object has no such attribute, or it is secret.</returns>
    public static bool TryRead(HsmObject item, AttributeType type, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (ObjectRules.Of(item.Class, item.KeyType) is not { } rules || !rules.TryGetValue(type, out AttributeRule? rule) || rule.Secret)
        {
            return false;
        }

        if (AttributeKinds.FlagOf(type) is var flag and not ObjectFlags.None)
        {
            value = item.Has(flag) ? True : False;
            return true;
        }

        if (item.Attributes.TryGet(type, out value))
        {
            return true;
        }

        return TryCompute(item, type, out value);
    }

    private static bool TryCompute(HsmObject item, AttributeType type, out ReadOnlyMemory<byte> value)
    {
        switch (type)
        {
            case AttributeType.Class:
                value = Number((ulong)item.Class);
                return true;
            case AttributeType.KeyType when item.KeyType is { } keyType:
                value = Number((ulong)keyType);
                return true;
            case AttributeType.UniqueId:
                value = Encoding.ASCII.GetBytes($"{item.Handle.Value:x16}");
                return true;
            case AttributeType.ModulusBits when item.Attributes.TryGet(AttributeType.Modulus, out ReadOnlyMemory<byte> modulus) && modulus.Length > 0:
                value = Number((ulong)((8 * modulus.Length) - BitOperations.LeadingZeroCount((uint)modulus.Span[0]) + 24));
                return true;
            case AttributeType.KeyGenMechanism:
                value = Unavailable;
                return true;
            case AttributeType.CertificateCategory or AttributeType.JavaMidpSecurityDomain:
                value = Zero;
                return true;
            case AttributeType.NameHashAlgorithm:
                value = Number(Sha1Mechanism);
                return true;
            case AttributeType.Label or AttributeType.Id or AttributeType.Subject or AttributeType.StartDate or AttributeType.EndDate
                or AttributeType.Application or AttributeType.ObjectId or AttributeType.Issuer or AttributeType.SerialNumber or AttributeType.Url or AttributeType.HashOfSubjectPublicKey
                or AttributeType.HashOfIssuerPublicKey or AttributeType.PublicKeyInfo:
                value = ReadOnlyMemory<byte>.Empty;
                return true;
            default:
                value = default;
                return false;
        }
    }

    /// <summary>Whether every attribute of a query is what the object shows. Secret ones match nothing.</summary>
    public static bool Match(HsmObject item, Template query)
    {
        if ((item.Flags & query.Given) != query.Set || !HasAll(item, query.Given))
        {
            return false;
        }

        foreach ((AttributeType type, ReadOnlyMemory<byte> wanted) in query.Values)
        {
            if (!TryRead(item, type, out ReadOnlyMemory<byte> value) || !value.Span.SequenceEqual(wanted.Span))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the object has what another key's template (CKA_WRAP_TEMPLATE) asks.</summary>
    public static bool Match(HsmObject item, AttributeBlob wanted)
    {
        foreach ((AttributeType type, ReadOnlyMemory<byte> value) in wanted.Unpack())
        {
            if (!TryRead(item, type, out ReadOnlyMemory<byte> actual) || !actual.Span.SequenceEqual(value.Span))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A nested template as its members.</summary>
    public static RawAttribute[] Members(ReadOnlySpan<byte> packed) =>
        [.. AttributeBlob.Read(packed).Unpack().OrderBy(pair => pair.Key).Select(pair => new RawAttribute(pair.Key, pair.Value))];

    /// <summary>CK_ULONG.</summary>
    public static byte[] Number(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    // A boolean that this kind of object does not have matches neither value.
    private static bool HasAll(HsmObject item, ObjectFlags flags) => (ObjectRules.FlagsOf(item.Class, item.KeyType) & flags) == flags;
}
