using System.Security.Cryptography;

namespace Strongroom.Crypto;

/// <summary>A parameter set of ML-DSA or ML-KEM: what its keys are made of. A private key is a seed, or what was expanded from one. Wrong bytes are refused, not thrown.</summary>
public abstract class PostQuantumParameterSet
{
    private protected PostQuantumParameterSet(byte number, string name, string oid, int publicKeySize, int privateKeySize)
    {
        Number = number;
        Name = name;
        Oid = Convert.FromHexString(oid);
        PublicKeySize = publicKeySize;
        PrivateKeySize = privateKeySize;
    }

    /// <summary>PKCS#11's number, CKP_…; also that of our own encodings of keys.</summary>
    public byte Number { get; }

    /// <summary>As the standard writes it.</summary>
    public string Name { get; }

    /// <summary>The object identifier in DER.</summary>
    public byte[] Oid { get; }

    /// <summary>Bytes of the public or encapsulation key.</summary>
    public int PublicKeySize { get; }

    /// <summary>Bytes of the expanded private or decapsulation key.</summary>
    public int PrivateKeySize { get; }

    /// <summary>Bytes of the seed from which a pair is made.</summary>
    public abstract int SeedSize { get; }

    /// <summary>The public key of a private one.</summary>
    /// <param name="secret">The seed or the expanded key, which is checked.</param>
    /// <returns>Null if it is neither.</returns>
    public abstract byte[]? PublicKeyOf(ReadOnlySpan<byte> secret);

    /// <summary>Whether it is a public key; ML-KEM wants each coefficient reduced (FIPS 203 7.2).</summary>
    public abstract bool IsPublicKey(ReadOnlySpan<byte> key);

    /// <summary>The expanded private key.</summary>
    /// <param name="secret">The seed or the expanded key itself.</param>
    /// <exception cref="CryptoException">It is neither.</exception>
    public SecretBuffer Expand(ReadOnlySpan<byte> secret)
    {
        var expanded = Encode(secret) ?? throw Malformed();
        var kept = SecretBuffer.CopyOf(expanded);
        CryptographicOperations.ZeroMemory(expanded);
        return kept;
    }

    public sealed override string ToString() => Name;

    internal static CryptoException Malformed() => new("The stored form of a key is malformed.");

    private protected abstract byte[]? Encode(ReadOnlySpan<byte> secret);

    // BouncyCastle says by an exception that the bytes are no key.
    private protected static T? Try<T>(byte[] bytes, Func<byte[], T> open)
        where T : class
    {
        try
        {
            return open(bytes);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
