using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

// RSA keys out of templates: PKCS#11 3.2, 6.1.2 and 6.1.3. A private key must bring all eight numbers: one without its factors would sign four times slower and could not be blinded as well.
internal static class RsaImport
{
    private const int LongestNumber = 1024;

    /// <summary>The sizes that CloudHSM has, 2048 to 4096 by 256, and 8192.</summary>
    /// <param name="bits">Of the modulus.</param>
    public static bool IsSizeAllowed(int bits) => (bits is >= 2048 and <= 4096 && bits % 256 == 0) || bits == 8192;

    /// <summary>The smallest exponent that a generated key may have, and in FIPS mode any (FIPS 186-5 A.1.1).</summary>
    public const ulong SmallestApprovedExponent = 65537;

    /// <summary>Whether it is an odd exponent of at most 8 bytes (FIPS 186-5 allows 256 bits; nobody uses them, and they make verifying slow).</summary>
    /// <param name="exponent">Big-endian.</param>
    /// <param name="smallest">The smallest allowed.</param>
    public static bool IsExponentAllowed(ReadOnlySpan<byte> exponent, ulong smallest)
    {
        var significant = exponent.TrimStart((byte)0);
        ulong value = 0;
        foreach (var octet in significant.Length <= 8 ? significant : default)
        {
            value = value << 8 | octet;
        }

        return value >= smallest && (value & 1) == 1;
    }

    /// <summary>Whether an opened key has a size and an exponent that are allowed.</summary>
    public static bool IsAllowed(EvpKey key, ClusterMode mode)
    {
        using var exponent = key.ReadNumber("e");
        exponent.Span.Reverse();
        return IsSizeAllowed(key.Bits) && IsExponentAllowed(exponent.Span, Smallest(mode));
    }

    public static Outcome<KeyMaterial> FromTemplate(ObjectClass objectClass, ReadOnlySpan<RawAttribute> template, ClusterMode mode)
    {
        var numbers = new SecretBuffer?[objectClass == ObjectClass.PrivateKey ? RsaKey.Numbers.Length : 2];
        try
        {
            for (var index = 0; index < numbers.Length; index++)
            {
                var attribute = RsaKey.Numbers[index].Attribute;
                if (!template.TryFind(attribute, out var value))
                {
                    return KeyCauses.ComponentMissing.On(attribute);
                }

                var significant = value.TrimStart((byte)0);
                if (significant.IsEmpty || significant.Length > LongestNumber)
                {
                    return KeyCauses.ComponentInvalid.On(attribute);
                }

                numbers[index] = SecretBuffer.CopyOf(significant);
                numbers[index]!.Span.Reverse();
            }

            return Open(objectClass, template, numbers!, mode);
        }
        finally
        {
            Array.ForEach(numbers, number => number?.Dispose());
        }
    }

    private static Outcome<KeyMaterial> Open(ObjectClass objectClass, ReadOnlySpan<RawAttribute> template, SecretBuffer[] numbers, ClusterMode mode)
    {
        template.TryFind(AttributeType.PublicExponent, out var exponent);
        if (!IsExponentAllowed(exponent, Smallest(mode)))
        {
            return KeyCauses.ComponentInvalid.On(AttributeType.PublicExponent);
        }

        if ((numbers[0].Span[0] & 1) == 0)
        {
            return KeyCauses.ComponentInvalid.On(AttributeType.Modulus);
        }

        EvpKey key;
        try
        {
            key = objectClass == ObjectClass.PublicKey
                ? EvpKey.OpenRsaPublic(numbers[0].Span, numbers[1].Span)
                : EvpKey.OpenRsaPrivate(
                    numbers[0].Span, numbers[1].Span, numbers[2].Span, numbers[3].Span, numbers[4].Span, numbers[5].Span, numbers[6].Span, numbers[7].Span);
        }
        catch (CryptoException refused) when (refused is not SecretArenaFullException)
        {
            return KeyCauses.Inconsistent;   // the numbers are the caller's; that libcrypto does not take them is no fault of ours
        }

        var refusal = !IsSizeAllowed(key.Bits) ? KeyCauses.LengthInvalid.On(AttributeType.Modulus)
            : objectClass == ObjectClass.PrivateKey && !key.IsConsistent() ? KeyCauses.Inconsistent
            : null;
        if (refusal is not null)
        {
            key.Dispose();
            return refusal;
        }

        return new RsaKey(objectClass, key);
    }

    private static ulong Smallest(ClusterMode mode) => mode == ClusterMode.Fips ? SmallestApprovedExponent : 3;
}
