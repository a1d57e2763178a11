using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;

namespace Strongroom.Crypto;

/// <summary>ML-KEM (FIPS 203), which libcrypto 3.0 does not have: BouncyCastle computes it, for NON_FIPS clusters.</summary>
public static class MlKem
{
    /// <summary>Makes a shared secret, and what the other side finds it from.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="publicKey">The encapsulation key.</param>
    /// <param name="ciphertext">Takes exactly <see cref="MlKemParameterSet.CiphertextSize"/> bytes.</param>
    /// <returns>32 bytes; null if the key is none (FIPS 203 7.2).</returns>
    public static SecretBuffer? Encapsulate(MlKemParameterSet set, ReadOnlySpan<byte> publicKey, Span<byte> ciphertext)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ciphertext.Length, set.CiphertextSize);
        if (set.OpenPublic(publicKey) is not { } key)
        {
            return null;
        }

        var encapsulator = new MLKemEncapsulator(set.Parameters);
        encapsulator.Init(new ParametersWithRandom(key, DrawnRandom.Instance));
        var secret = SecretBuffer.Allocate(MlKemParameterSet.SecretSize);
        encapsulator.Encapsulate(ciphertext, secret.Span);
        return secret;
    }

    /// <summary>Finds the shared secret. A ciphertext that nobody made gives a secret too, which nobody knows (FIPS 203 6.3, implicit rejection).</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="secretKey">The seed or the expanded key.</param>
    /// <param name="ciphertext">Exactly <see cref="MlKemParameterSet.CiphertextSize"/> bytes.</param>
    /// <returns>32 bytes.</returns>
    public static SecretBuffer Decapsulate(MlKemParameterSet set, ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> ciphertext)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ciphertext.Length, set.CiphertextSize);
        var decapsulator = new MLKemDecapsulator(set.Parameters);
        decapsulator.Init(set.Open(secretKey) ?? throw PostQuantumParameterSet.Malformed());
        var secret = SecretBuffer.Allocate(MlKemParameterSet.SecretSize);
        decapsulator.Decapsulate(ciphertext, secret.Span);
        return secret;
    }
}
