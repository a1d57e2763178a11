using System.Formats.Asn1;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

// ML-DSA and ML-KEM keys in DER: PrivateKeyInfo around a seed or an expanded key (RFC 9881 6, RFC 9935 6), and SubjectPublicKeyInfo. Secret bytes go from locked memory to locked memory.
internal static class PostQuantumPkcs8
{
    private const byte Sequence = 0x30, OctetString = 0x04, BitString = 0x03, SeedChoice = 0x80;
    private static readonly Asn1Tag SeedTag = new(TagClass.ContextSpecific, 0);
    private static readonly byte[] Version = [0x02, 0x01, 0x00];

    public static SecretBuffer Write(PostQuantumParameterSet set, ReadOnlySpan<byte> secret)
    {
        byte[] inner = Header(secret.Length == set.SeedSize ? SeedChoice : OctetString, secret.Length);
        byte[] key = [.. Header(OctetString, inner.Length + secret.Length), .. inner];
        byte[] algorithm = [.. Header(Sequence, set.Oid.Length), .. set.Oid];
        byte[] front = [.. Header(Sequence, Version.Length + algorithm.Length + key.Length + secret.Length), .. Version, .. algorithm, .. key];
        var encoded = SecretBuffer.Allocate(front.Length + secret.Length);
        front.CopyTo(encoded.Span);
        secret.CopyTo(encoded.Span[front.Length..]);
        return encoded;
    }

    public static byte[] SubjectPublicKeyInfo(PostQuantumParameterSet set, ReadOnlySpan<byte> publicKey)
    {
        byte[] algorithm = [.. Header(Sequence, set.Oid.Length), .. set.Oid];
        byte[] bits = [.. Header(BitString, publicKey.Length + 1), 0];
        return [.. Header(Sequence, algorithm.Length + bits.Length + publicKey.Length), .. algorithm, .. bits, .. publicKey];
    }

    /// <summary>Takes the key out: the seed where there is one. What the encoding says twice must agree.</summary>
    /// <returns>Null if it is no such key.</returns>
    public static PostQuantumKey? Read(KeyType type, ReadOnlySpan<byte> encoded)
    {
        try
        {
            var info = Enter(encoded, out var after);
            info = info[Integer(info)..];
            var algorithm = Enter(info, out var rest).ToArray();
            var set = Sets(type).FirstOrDefault(set => algorithm.SequenceEqual(set.Oid));
            var key = AsnDecoder.TryReadPrimitiveOctetString(rest, AsnEncodingRules.DER, out var content, out _) ? content : default;
            return set is null || !after.IsEmpty ? null : ReadChoice(set, key);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static PostQuantumKey? ReadChoice(PostQuantumParameterSet set, ReadOnlySpan<byte> choice)
    {
        if (choice.IsEmpty)
        {
            return null;
        }

        if (choice[0] == SeedChoice)
        {
            return Seed(choice, out var after) is { Length: > 0 } seed && after == choice.Length ? PostQuantumImport.Private(set, seed, default) : null;
        }

        if (choice[0] == OctetString)
        {
            return AsnDecoder.TryReadPrimitiveOctetString(choice, AsnEncodingRules.DER, out var expanded, out var after) && after == choice.Length
                ? PostQuantumImport.Private(set, default, expanded) : null;
        }

        var both = Enter(choice, out var rest);
        return rest.IsEmpty && AsnDecoder.TryReadPrimitiveOctetString(both, AsnEncodingRules.DER, out var first, out var next)
            && AsnDecoder.TryReadPrimitiveOctetString(both[next..], AsnEncodingRules.DER, out var second, out var end) && next + end == both.Length
            ? PostQuantumImport.Private(set, first, second) : null;
    }

    private static ReadOnlySpan<byte> Seed(ReadOnlySpan<byte> encoded, out int consumed) =>
        AsnDecoder.TryReadPrimitiveOctetString(encoded, AsnEncodingRules.DER, out var seed, out consumed, SeedTag) ? seed : default;

    private static IEnumerable<PostQuantumParameterSet> Sets(KeyType type) => type == KeyType.MlDsa ? MlDsaParameterSet.All : MlKemParameterSet.All;

    private static ReadOnlySpan<byte> Enter(ReadOnlySpan<byte> encoded, out ReadOnlySpan<byte> rest)
    {
        AsnDecoder.ReadSequence(encoded, AsnEncodingRules.DER, out var offset, out var length, out var consumed);
        rest = encoded[consumed..];
        return encoded.Slice(offset, length);
    }

    private static int Integer(ReadOnlySpan<byte> encoded)
    {
        AsnDecoder.ReadIntegerBytes(encoded, AsnEncodingRules.DER, out var consumed);
        return consumed;
    }

    private static byte[] Header(byte tag, int length) => length switch
    {
        < 0x80 => [tag, (byte)length],
        < 0x100 => [tag, 0x81, (byte)length],
        _ => [tag, 0x82, (byte)(length >> 8), (byte)length],
    };
}
