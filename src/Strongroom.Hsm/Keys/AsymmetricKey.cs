using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

/// <summary>A private or public key in libcrypto.</summary>
/// <param name="objectClass">Private or public.</param>
/// <param name="evp">The key; owned from here on.</param>
public abstract class AsymmetricKey(ObjectClass objectClass, EvpKey evp) : KeyMaterial
{
    public override ObjectClass Class => objectClass;

    public override int Bits => evp.Bits;

    /// <summary>Whether it holds the private half.</summary>
    public bool IsPrivate => objectClass == ObjectClass.PrivateKey;

    /// <summary>libcrypto's key object.</summary>
    internal EvpKey Evp => evp;

    public override Outcome<SecretBuffer> EncodeForWrapping() => IsPrivate ? evp.ToPkcs8() : KeyCauses.NotWrappable;

    /// <summary>CloudHSM: the first 3 bytes of SHA-1 over the public key, here its SubjectPublicKeyInfo, so that both halves of a pair have the same.</summary>
    public override byte[]? CheckValue()
    {
        Span<byte> digest = stackalloc byte[20];
        Digest.Compute(DigestAlgorithm.Sha1, evp.SubjectPublicKeyInfo(), digest);
        return digest[..3].ToArray();
    }

    protected override void Clear() => evp.Dispose();

    /// <summary>A number of the key as PKCS#11 has it: big-endian without leading zeros unless a length is given.</summary>
    /// <param name="name">libcrypto's name.</param>
    /// <param name="length">Bytes; 0: as many as it has.</param>
    protected SecretBuffer BigEndian(string name, int length = 0)
    {
        var number = evp.ReadNumber(name, length);
        number.Span.Reverse();
        return number;
    }

    /// <summary>A public number of the key.</summary>
    protected RawAttribute PublicNumber(AttributeType type, string name)
    {
        using var number = BigEndian(name);
        return new RawAttribute(type, number.Span.ToArray());
    }
}
