namespace Strongroom.Crypto;

/// <summary>The test that every generated key pair passes before anyone may use it (FIPS 140-3 IG 10.3.A): what it signs, it verifies.</summary>
public static class PairwiseConsistency
{
    /// <summary>Runs it.</summary>
    /// <exception cref="SelfTestException">It failed: this process must not go on.</exception>
    public static void Test(EvpKey key)
    {
        if (key.Raw is { } raw)
        {
            TestRaw(key, raw);
            return;
        }

        var scheme = key.Curve is null ? SignatureScheme.Pkcs1(DigestAlgorithm.Sha256) : SignatureScheme.Ecdsa;
        Test(key, scheme, key);
    }

    // X25519 signs nothing: it agrees with another key (SP 800-56A 5.6.2.1.4).
    private static void TestRaw(EvpKey key, RawCurve curve)
    {
        Span<byte> data = stackalloc byte[RawCurve.KeySize];
        Span<byte> signature = stackalloc byte[Ed25519.SignatureSize];
        RandomSource.Fill(data);
        using var publicKey = EvpKey.OpenRawPublic(curve, key.ReadRawPublic());
        bool good;
        if (curve == RawCurve.Ed25519)
        {
            key.SignWhole(data, signature);
            good = publicKey.VerifyWhole(data, signature);
        }
        else
        {
            using var other = EvpKey.OpenRawPrivate(curve, data);
            using var otherPublic = EvpKey.OpenRawPublic(curve, other.ReadRawPublic());
            using var mine = key.Agree(otherPublic);
            using var theirs = other.Agree(publicKey);
            good = mine is not null && theirs is not null && mine.Span.SequenceEqual(theirs.Span);
        }

        if (!good)
        {
            throw new SelfTestException("pairwise consistency", $"a generated {curve} key does not verify or agree");
        }
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
