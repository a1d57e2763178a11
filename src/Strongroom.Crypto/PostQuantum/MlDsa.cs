using System.Runtime.CompilerServices;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Strongroom.Crypto;

/// <summary>ML-DSA and HashML-DSA (FIPS 204), which libcrypto 3.0 does not have: BouncyCastle computes them, for NON_FIPS clusters.</summary>
public static class MlDsa
{
    /// <summary>Bytes of a message representative μ.</summary>
    public const int RepresentativeSize = 64;

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

    /// <summary>Signs a message representative μ that the caller computed: SHAKE256 of SHAKE256 of the public key and of the message with its context (FIPS 204 6.2, algorithm 7, line 6).</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="secretKey">The seed or the expanded key.</param>
    /// <param name="deterministic">Without fresh randomness; else hedged.</param>
    /// <param name="representative">μ, 64 bytes.</param>
    public static byte[] SignRepresentative(MlDsaParameterSet set, ReadOnlySpan<byte> secretKey, bool deterministic, ReadOnlySpan<byte> representative)
    {
        ICipherParameters key = set.Open(secretKey) ?? throw PostQuantumParameterSet.Malformed();
        return SignerOf(set, signs: true, deterministic ? key : new ParametersWithRandom(key, DrawnRandom.Instance), deterministic, representative).GenerateSignature();
    }

    /// <summary>Verifies the signature of a message representative μ (FIPS 204 6.3, algorithm 8, from line 8).</summary>
    public static bool VerifyRepresentative(MlDsaParameterSet set, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> representative, ReadOnlySpan<byte> signature) =>
        signature.Length == set.SignatureSize && set.OpenPublic(publicKey) is { } key && SignerOf(set, signs: false, key, deterministic: true, representative).VerifySignature(signature.ToArray());

    private static MLDsaSigner SignerOf(MlDsaParameterSet set, bool signs, ICipherParameters key, bool deterministic, ReadOnlySpan<byte> representative)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(representative.Length, RepresentativeSize);
        var signer = new MLDsaSigner(set.Parameters, deterministic);
        MessageDigest(signer) = new GivenRepresentative(representative.ToArray());
        signer.Init(signs, key);
        return signer;
    }

    // M' of FIPS 204, algorithm 4: 1, the context with its length, the hash function's object identifier, the hash.
    private static byte[] Prehashed(ReadOnlySpan<byte> context, DigestAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, algorithm.Size);
        return [1, checked((byte)context.Length), .. context, .. algorithm.Oid, .. hash];
    }

    // ML-DSA.Sign_internal and Verify_internal (FIPS 204 6.2 and 6.3). BouncyCastle's public HashMLDsaSigner knows SHA-512 alone and hashes itself, while PKCS#11 has ten functions, and mechanisms that are given the hash.
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern byte[] SignInternal(MLDsaPrivateKeyParameters key, byte[] random, byte[] message, int offset, int length);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern bool VerifyInternal(MLDsaPublicKeyParameters key, byte[] message, int offset, int length, byte[] signature);

    // BouncyCastle computes μ always itself, by this digest.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_msgRepDigest")]
    private static extern ref ShakeDigest MessageDigest(MLDsaSigner signer);

    // SHAKE256, but the first that comes out is the μ that was given: the signer asks for μ first, and hashes other things with the same digest afterwards.
    private sealed class GivenRepresentative(byte[] representative) : ShakeDigest(256)
    {
        private bool _isOut;

        public override int OutputFinal(byte[] output, int outOff, int outLen)
        {
            if (_isOut)
            {
                return base.OutputFinal(output, outOff, outLen);
            }

            _isOut = true;
            Reset();
            representative.CopyTo(output.AsSpan(outOff, outLen));
            return outLen;
        }
    }
}
