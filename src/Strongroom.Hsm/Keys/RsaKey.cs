using System.Buffers;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

/// <summary>An RSA key. Private ones always carry their factors: PKCS#11's eight numbers.</summary>
public sealed class RsaKey(ObjectClass objectClass, EvpKey evp) : AsymmetricKey(objectClass, evp)
{
    /// <summary>The numbers of a private key in the order in which they are stored; a public key has the first two.</summary>
    internal static readonly (AttributeType Attribute, string Name)[] Numbers =
    [
        (AttributeType.Modulus, "n"), (AttributeType.PublicExponent, "e"), (AttributeType.PrivateExponent, "d"), (AttributeType.Prime1, "rsa-factor1"),
        (AttributeType.Prime2, "rsa-factor2"), (AttributeType.Exponent1, "rsa-exponent1"), (AttributeType.Exponent2, "rsa-exponent2"), (AttributeType.Coefficient, "rsa-coefficient1"),
    ];

    public override KeyType Type => KeyType.Rsa;

    /// <summary>Bytes of the modulus.</summary>
    public int Size => (Bits + 7) / 8;

    /// <summary>Whether a number of as many bytes as the modulus is less than it.</summary>
    /// <param name="number">Big-endian.</param>
    internal bool IsLess(ReadOnlySpan<byte> number)
    {
        using var modulus = BigEndian("n", Size);
        return number.SequenceCompareTo(modulus.Span) < 0;
    }

    public override SecretBuffer Encode()
    {
        var numbers = new SecretBuffer?[IsPrivate ? Numbers.Length : 2];
        try
        {
            for (var index = 0; index < numbers.Length; index++)
            {
                numbers[index] = Evp.ReadNumber(Numbers[index].Name);
            }

            return KeyEncoding.Write(Class, Type, 0, numbers!);
        }
        finally
        {
            Array.ForEach(numbers, number => number?.Dispose());
        }
    }

    public override RawAttribute[] PublicAttributes() =>
    [
        PublicNumber(AttributeType.Modulus, "n"),
        Number(AttributeType.ModulusBits, Bits),
        PublicNumber(AttributeType.PublicExponent, "e"),
        new RawAttribute(AttributeType.PublicKeyInfo, Evp.SubjectPublicKeyInfo()),
    ];

    public override Outcome Read(AttributeType type, IBufferWriter<byte> output)
    {
        foreach (var (attribute, name) in Numbers.AsSpan(0, IsPrivate ? Numbers.Length : 2))
        {
            if (attribute == type)
            {
                using var number = BigEndian(name);
                output.Write(number.Span);
                return Outcome.Ok;
            }
        }

        return KeyCauses.NoSuchComponent.On(type);
    }
}
