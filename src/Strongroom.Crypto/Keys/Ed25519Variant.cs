using System.Security.Cryptography;
using BouncyCastle25519 = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;

namespace Strongroom.Crypto;

/// <summary>Ed25519ph and Ed25519ctx (RFC 8032 5.1), which libcrypto 3.0 does not have: BouncyCastle computes them, for NON_FIPS clusters.</summary>
public static class Ed25519Variant
{
    /// <summary>RFC 8032 5.1: bytes.</summary>
    public const int LongestContext = 255;

    /// <summary>Signs.</summary>
    /// <param name="seed">32 bytes.</param>
    /// <param name="form">Which variant.</param>
    /// <param name="context">At most 255 bytes; Ed25519ctx has at least one.</param>
    /// <param name="data">The data, or its digest.</param>
    /// <param name="signature">Takes 64 bytes.</param>
    public static void Sign(ReadOnlySpan<byte> seed, Ed25519Form form, ReadOnlySpan<byte> context, ReadOnlySpan<byte> data, Span<byte> signature)
    {
        // BouncyCastle takes arrays alone: pinned, so that no copy is left behind, and wiped.
        var secret = GC.AllocateUninitializedArray<byte>(RawCurve.KeySize, pinned: true);
        try
        {
            seed.CopyTo(secret);
            var (input, made) = (Input(form, data), new byte[Ed25519.SignatureSize]);
            if (form != Ed25519Form.Context)
            {
                BouncyCastle25519.SignPrehash(secret, 0, context.ToArray(), input, 0, made, 0);
            }
            else
            {
                BouncyCastle25519.Sign(secret, 0, context.ToArray(), input, 0, input.Length, made, 0);
            }

            made.CopyTo(signature);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Verifies; as <see cref="Sign"/> signed.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, Ed25519Form form, ReadOnlySpan<byte> context, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Ed25519.SignatureSize)
        {
            return false;
        }

        var input = Input(form, data);
        return form != Ed25519Form.Context
            ? BouncyCastle25519.VerifyPrehash(signature.ToArray(), 0, publicKey.ToArray(), 0, context.ToArray(), input, 0)
            : BouncyCastle25519.Verify(signature.ToArray(), 0, publicKey.ToArray(), 0, context.ToArray(), input, 0, input.Length);
    }

    private static byte[] Input(Ed25519Form form, ReadOnlySpan<byte> data)
    {
        if (form != Ed25519Form.Prehash)
        {
            return data.ToArray();
        }

        var hash = new byte[DigestAlgorithm.Sha512.Size];
        Digest.Compute(DigestAlgorithm.Sha512, data, hash);
        return hash;
    }
}
