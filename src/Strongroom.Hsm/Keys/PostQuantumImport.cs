using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

// ML-DSA and ML-KEM keys out of templates: PKCS#11 3.2, 6.67 and 6.68. A private key comes as its seed, its expanded form, or both, which must then belong together.
internal static class PostQuantumImport
{
    /// <summary>The parameter set that CKA_PARAMETER_SET names.</summary>
    public static Outcome<PostQuantumParameterSet> FindSet(KeyType type, ReadOnlySpan<RawAttribute> template)
    {
        var number = template.FindLength(AttributeType.ParameterSet);
        return !number.IsOk ? number.Cause
            : PostQuantumKey.FindSet(type, (ulong)number.Value) is { } set ? set : KeyCauses.ParameterSetUnknown.On(AttributeType.ParameterSet);
    }

    public static Outcome<KeyMaterial> FromTemplate(ObjectClass objectClass, KeyType type, ReadOnlySpan<RawAttribute> template)
    {
        var set = FindSet(type, template);
        if (!set.IsOk)
        {
            return set.Cause;
        }

        var hasValue = template.TryFind(AttributeType.Value, out var value);
        var hasSeed = template.TryFind(AttributeType.Seed, out var seed);
        if (!hasValue && !hasSeed)
        {
            return KeyCauses.ComponentMissing.On(AttributeType.Value);
        }

        if (objectClass == ObjectClass.PublicKey)
        {
            return set.Value.IsPublicKey(value) ? new PostQuantumKey(ObjectClass.PublicKey, set.Value, value.ToArray(), null) : KeyCauses.ComponentInvalid.On(AttributeType.Value);
        }

        if (hasSeed && seed.Length != set.Value.SeedSize)
        {
            return KeyCauses.ComponentInvalid.On(AttributeType.Seed);
        }

        if (hasValue && value.Length != set.Value.PrivateKeySize)
        {
            return KeyCauses.ComponentInvalid.On(AttributeType.Value);
        }

        return Private(set.Value, seed, value) is { } key ? key : hasSeed ? KeyCauses.Inconsistent.On(AttributeType.Seed) : KeyCauses.ComponentInvalid.On(AttributeType.Value);
    }

    /// <summary>A private key of its seed, its expanded form, or both.</summary>
    /// <returns>Null if they are wrong.</returns>
    public static PostQuantumKey? Private(PostQuantumParameterSet set, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> expanded)
    {
        if ((seed.IsEmpty || seed.Length == set.SeedSize) && (expanded.IsEmpty || expanded.Length == set.PrivateKeySize) && !(seed.IsEmpty && expanded.IsEmpty))
        {
            var secret = seed.IsEmpty ? expanded : seed;
            return (seed.IsEmpty || expanded.IsEmpty || Expands(set, seed, expanded)) && set.PublicKeyOf(secret) is { } open
                ? new PostQuantumKey(ObjectClass.PrivateKey, set, open, SecretBuffer.CopyOf(secret)) : null;
        }

        return null;
    }

    private static bool Expands(PostQuantumParameterSet set, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> expanded)
    {
        using var whole = set.Expand(seed);
        return System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(whole.Span, expanded);
    }
}
