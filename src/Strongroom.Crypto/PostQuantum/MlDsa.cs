using System.Runtime.CompilerServices;
using Org.BouncyCastle.Crypto.Parameters;

namespace Strongroom.Crypto;

/// <summary>ML-DSA and HashML-DSA (FIPS 204), which libcrypto 3.0 does not have: BouncyCastle computes them, for NON_FIPS clusters.</summary>
public static class MlDsa
{
    private const int RandomSize = 32;   // rnd of FIPS 204, algorithm 2

    /// <summary>Signs a message as a whole (FIPS 204 5.2).</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="secretKey">The seed or the expanded key.</param>
    /// <param name="context">At most 255 bytes.</param>
    /// <param name="deterministic">Without fresh randomness (3.4); else hedged.</param>
    /// <param name="message">Any length.</param>
    public static byte[] Sign(MlDsaParameterSet set, ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> context, bool deterministic, ReadOnlySpan<byte> message)
    {
        using var stream = MlDsaStream.ForSigning(set, secretKey, context, deterministic);
        stream.Update(message);
        return stream.Sign();
    }

    /// <summary>Verifies (FIPS 204 5.3).</summary>
    public static bool Verify(MlDsaParameterSet set, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> context, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var stream = MlDsaStream.ForVerifying(set, publicKey, context);
        stream.Update(message);
        return stream.Verify(signature);
    }

    /// <summary>Signs a hash (HashML-DSA, FIPS 204 5.4.1).</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="secretKey">The seed or the expanded key.</param>
    /// <param name="context">At most 255 bytes.</param>
    /// <param name="deterministic">Without fresh randomness; else hedged.</param>
    /// <param name="algorithm">What made the hash.</param>
    /// <param name="hash">As long as the algorithm makes them.</param>
    public static byte[] SignHash(MlDsaParameterSet set, ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> context, bool deterministic, DigestAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        var drawn = new byte[RandomSize];
        if (!deterministic)
        {
            RandomSource.FillSecret(drawn);
        }

        var message = Prehashed(context, algorithm, hash);
        return SignInternal(set.Open(secretKey) ?? throw PostQuantumParameterSet.Malformed(), drawn, message, 0, message.Length);
    }

    /// <summary>Verifies the signature of a hash (HashML-DSA, FIPS 204 5.4.1).</summary>
    public static bool VerifyHash(MlDsaParameterSet set, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> context, DigestAlgorithm algorithm, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        var message = Prehashed(context, algorithm, hash);
        return signature.Length == set.SignatureSize && set.OpenPublic(publicKey) is { } key && VerifyInternal(key, message, 0, message.Length, signature.ToArray());
    }

    // M' of FIPS 204, algorithm 4: 1, the context with its length, the hash function's object identifier, the hash.
    private static byte[] Prehashed(ReadOnlySpan<byte> context, DigestAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, algorithm.Size);
        return [1, checked((byte)context.Length), .. context, .. algorithm.Oid, .. hash];
    }

    // ML-DSA.Sign_internal and Verify_internal (FIPS 204 6.2 and 6.3). BouncyCastle's public HashMLDsaSigner knows SHA-512 alone and hashes itself, while PKCS#11 has eight functions, and mechanisms that are given the hash.
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern byte[] SignInternal(MLDsaPrivateKeyParameters key, byte[] random, byte[] message, int offset, int length);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern bool VerifyInternal(MLDsaPublicKeyParameters key, byte[] message, int offset, int length, byte[] signature);
}
