namespace Strongroom.Crypto;

/// <summary>The test that every generated key pair passes before anyone may use it (FIPS 140-3 IG 10.3.A): what it signs, it verifies; what signs nothing, agrees.</summary>
public static class PairwiseConsistency
{
    /// <summary>Runs it.</summary>
    /// <exception cref="SelfTestException">It failed: this process must not go on.</exception>
    public static void Test(EvpKey pair) => Test(pair, pair);

    internal static void Test(EvpKey privateHalf, EvpKey publicHalf)
    {
        bool consistent;
        if (privateHalf.Raw is null)
        {
            consistent = Verifies(privateHalf, privateHalf.Curve is null ? SignatureScheme.Pkcs1(DigestAlgorithm.Sha256) : SignatureScheme.Ecdsa, publicHalf);
        }
        else
        {
            using var opened = EvpKey.OpenRawPublic(privateHalf.Raw, publicHalf.ReadRawPublic());
            consistent = privateHalf.Raw == RawCurve.Ed25519 ? VerifiesWhole(privateHalf, opened) : Agrees(privateHalf, opened, privateHalf.Raw);
        }

        if (!consistent)
        {
            throw new SelfTestException("pairwise consistency", $"a generated key of {privateHalf.Bits} bits does not verify what it signs, or agrees with nobody");
        }
    }

    private static bool Verifies(EvpKey signer, in SignatureScheme scheme, EvpKey verifier)
    {
        Span<byte> digest = stackalloc byte[32];
        Span<byte> signature = stackalloc byte[1024];
        RandomSource.Fill(digest);
        signature = signature[..signer.SignatureSize];
        signer.Sign(scheme, digest, signature);
        return verifier.Verify(scheme, digest, signature);
    }

    private static bool VerifiesWhole(EvpKey signer, EvpKey verifier)
    {
        Span<byte> data = stackalloc byte[32];
        Span<byte> signature = stackalloc byte[Ed25519.SignatureSize];
        RandomSource.Fill(data);
        signer.SignWhole(data, signature);
        return verifier.VerifyWhole(data, signature);
    }

    // With a key of another's, from both sides (SP 800-56A 5.6.2.1.4).
    private static bool Agrees(EvpKey privateHalf, EvpKey publicHalf, RawCurve curve)
    {
        Span<byte> secret = stackalloc byte[RawCurve.KeySize];
        RandomSource.Fill(secret);
        using var other = EvpKey.OpenRawPrivate(curve, secret);
        using var otherPublic = EvpKey.OpenRawPublic(curve, other.ReadRawPublic());
        using var mine = privateHalf.Agree(otherPublic);
        using var theirs = other.Agree(publicHalf);
        return mine is not null && theirs is not null && mine.Span.SequenceEqual(theirs.Span);
    }
}
