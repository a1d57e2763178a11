using System.Buffers;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

/// <summary>An ML-DSA or ML-KEM key. A private one is its seed where that is known, since everything else follows from it; else the expanded key.</summary>
/// <param name="objectClass">Private or public.</param>
/// <param name="set">The parameter set.</param>
/// <param name="publicKey">As the standard encodes it.</param>
/// <param name="secret">The seed or the expanded key, owned from here on; null for a public key.</param>
public sealed class PostQuantumKey(ObjectClass objectClass, PostQuantumParameterSet set, byte[] publicKey, SecretBuffer? secret) : KeyMaterial
{
    public override ObjectClass Class => objectClass;

    public override KeyType Type => set is MlDsaParameterSet ? KeyType.MlDsa : KeyType.MlKem;

    /// <summary>Of the public key, as C_GetMechanismInfo counts them.</summary>
    public override int Bits => 8 * set.PublicKeySize;

    public PostQuantumParameterSet Set => set;

    internal byte[] PublicKey => publicKey;

    /// <summary>The seed or the expanded key, valid while a reference is held.</summary>
    internal ReadOnlySpan<byte> Secret => secret is null ? throw new InvalidOperationException("A public key has no secret.") : secret.Span;

    /// <summary>The parameter set of CKA_PARAMETER_SET's number for keys of a type, or null.</summary>
    public static PostQuantumParameterSet? FindSet(KeyType type, ulong number)
    {
        IEnumerable<PostQuantumParameterSet> sets = type == KeyType.MlDsa ? MlDsaParameterSet.All : MlKemParameterSet.All;
        return sets.FirstOrDefault(set => set.Number == number);
    }

    public override SecretBuffer Encode()
    {
        using var open = SecretBuffer.CopyOf(publicKey);
        return secret is null ? KeyEncoding.Write(Class, Type, set.Number, open) : KeyEncoding.Write(Class, Type, set.Number, secret, open);
    }

    public override Outcome<SecretBuffer> EncodeForWrapping() => secret is null ? KeyCauses.NotWrappable : PostQuantumPkcs8.Write(set, secret.Span);

    public override RawAttribute[] PublicAttributes()
    {
        var number = new RawAttribute(AttributeType.ParameterSet, BitConverter.GetBytes((ulong)set.Number));
        var info = new RawAttribute(AttributeType.PublicKeyInfo, PostQuantumPkcs8.SubjectPublicKeyInfo(set, publicKey));
        return secret is null ? [number, new RawAttribute(AttributeType.Value, publicKey), info] : [number, info];
    }

    public override Outcome Read(AttributeType type, IBufferWriter<byte> output)
    {
        if (secret is null || type is not (AttributeType.Value or AttributeType.Seed) || (type == AttributeType.Seed && secret.Length != set.SeedSize))
        {
            return KeyCauses.NoSuchComponent.On(type);
        }

        using var read = type == AttributeType.Seed ? SecretBuffer.CopyOf(secret.Span) : set.Expand(secret.Span);
        output.Write(read.Span);
        return Outcome.Ok;
    }

    /// <summary>None, as CloudHSM has it.</summary>
    public override byte[]? CheckValue() => null;

    protected override void Clear() => secret?.Dispose();
}
