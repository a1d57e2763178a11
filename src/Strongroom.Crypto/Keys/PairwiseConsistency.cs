namespace Strongroom.Crypto;

/// <summary>The test that every generated key pair passes before anyone may use it (FIPS 140-3 IG 10.3.A): what it signs, it verifies.</summary>
public static class PairwiseConsistency
{
    /// <summary>Runs it.</summary>
    /// <exception cref="SelfTestException">It failed: this process must not go on.</exception>
    public static void Test(EvpKey key)
    {
        var scheme = key.Curve is null ? SignatureScheme.Pkcs1(DigestAlgorithm.Sha256) : SignatureScheme.Ecdsa;
        Test(key, scheme, key);
    }

    internal static void Test(EvpKey signer, in SignatureScheme scheme, EvpKey verifier)
    {
        Span<byte> digest = stackalloc byte[32];
        Span<byte> signature = stackalloc byte[1024];
        RandomSource.Fill(digest);
        signature = signature[..signer.SignatureSize];
        signer.Sign(scheme, digest, signature);
        if (!verifier.Verify(scheme, digest, signature))
        {
            throw new SelfTestException("pairwise consistency", $"a generated key of {signer.Bits} bits does not verify what it signs");
        }
    }
}
