using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>The family of ML-DSA's and ML-KEM's key pair generations: a seed is drawn, and both halves follow from it.</summary>
public abstract class PostQuantumKeyPairGeneration : Mechanism
{
    public sealed override MechanismFlags Flags => MechanismFlags.GenerateKeyPair;

    public sealed override Approval Approval => Approval.None;

    protected sealed override Outcome<KeyPair> GenerateKeyPairChecked(ReadOnlySpan<RawAttribute> publicTemplate, ClusterMode mode)
    {
        var named = PostQuantumImport.FindSet(GeneratedType!.Value, publicTemplate);
        if (!named.IsOk)
        {
            return named.Cause;
        }

        var set = named.Value;
        var seed = SecretBuffer.Random(set.SeedSize);
        var publicKey = set.PublicKeyOf(seed.Span)!;
        return new KeyPair(new PostQuantumKey(ObjectClass.PublicKey, set, publicKey, null), new PostQuantumKey(ObjectClass.PrivateKey, set, publicKey, seed));
    }
}
