using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

public sealed unsafe partial class EvpKey
{
    /// <summary>The curve of an Ed25519 or X25519 key; null for others.</summary>
    public RawCurve? Raw { get; private init; }

    /// <summary>Generates an Ed25519 or X25519 key and tests it.</summary>
    /// <exception cref="SelfTestException">What it signs it can't verify, or two such keys do not agree.</exception>
    public static EvpKey GenerateRaw(RawCurve curve)
    {
        using var seed = SecretBuffer.Allocate(RawCurve.KeySize);
        RandomSource.Fill(seed.Span);
        var generated = OpenRawPrivate(curve, seed.Span);
        PairwiseConsistency.Test(generated);
        return generated;
    }

    /// <summary>Opens a private key; its public half is computed.</summary>
    /// <param name="curve">Its curve.</param>
    /// <param name="seed">32 bytes, as RFC 8032 and RFC 7748 have them.</param>
    public static EvpKey OpenRawPrivate(RawCurve curve, ReadOnlySpan<byte> seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, RawCurve.KeySize);
        fixed (byte* start = seed)
        {
            var key = LibCrypto.EVP_PKEY_new_raw_private_key_ex(LibCrypto.Context, curve.Name, null, start, RawCurve.KeySize);
            return new EvpKey(LibCrypto.Must(key, "EVP_PKEY_new_raw_private_key_ex"), null) { Raw = curve };
        }
    }

    /// <summary>Opens a public key.</summary>
    /// <param name="curve">Its curve.</param>
    /// <param name="point">32 bytes.</param>
    public static EvpKey OpenRawPublic(RawCurve curve, ReadOnlySpan<byte> point)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(point.Length, RawCurve.KeySize);
        fixed (byte* start = point)
        {
            var key = LibCrypto.EVP_PKEY_new_raw_public_key_ex(LibCrypto.Context, curve.Name, null, start, RawCurve.KeySize);
            return new EvpKey(LibCrypto.Must(key, "EVP_PKEY_new_raw_public_key_ex"), null) { Raw = curve };
        }
    }

    /// <summary>The 32 bytes of the public key.</summary>
    public byte[] ReadRawPublic()
    {
        using var use = new Lease(this);
        var point = new byte[RawCurve.KeySize];
        nuint length = RawCurve.KeySize;
        fixed (byte* output = point)
        {
            LibCrypto.Must(LibCrypto.EVP_PKEY_get_raw_public_key(handle, output, &length), "EVP_PKEY_get_raw_public_key");
        }

        return point;
    }

    /// <summary>The 32 bytes of the private key.</summary>
    public SecretBuffer ReadRawPrivate()
    {
        using var use = new Lease(this);
        var seed = SecretBuffer.Allocate(RawCurve.KeySize);
        nuint length = RawCurve.KeySize;
        LibCrypto.Must(LibCrypto.EVP_PKEY_get_raw_private_key(handle, seed.Pointer, &length), "EVP_PKEY_get_raw_private_key");
        return seed;
    }

    /// <summary>Ed25519 (RFC 8032 5.1.6): signs the data itself, not a hash of it.</summary>
    /// <param name="data">Any length.</param>
    /// <param name="signature">64 bytes.</param>
    public void SignWhole(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        using var use = new Lease(this);
        var context = LibCrypto.EVP_MD_CTX_new();
        try
        {
            fixed (byte* input = data, output = signature)
            {
                var length = (nuint)signature.Length;
                LibCrypto.Must(LibCrypto.EVP_DigestSignInit_ex(context, null, null, LibCrypto.Context, null, handle, null), "EVP_DigestSignInit_ex");
                LibCrypto.Must(LibCrypto.EVP_DigestSign(context, output, &length, input, (nuint)data.Length), "EVP_DigestSign");
            }
        }
        finally
        {
            LibCrypto.EVP_MD_CTX_free(context);
        }
    }

    /// <summary>Ed25519 (RFC 8032 5.1.7).</summary>
    /// <param name="data">As it was signed.</param>
    /// <param name="signature">Any length.</param>
    public bool VerifyWhole(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var use = new Lease(this);
        var context = LibCrypto.EVP_MD_CTX_new();
        try
        {
            fixed (byte* input = data, given = signature)
            {
                return signature.Length == SignatureSize
                    && LibCrypto.EVP_DigestVerifyInit_ex(context, null, null, LibCrypto.Context, null, handle, null) == 1
                    && LibCrypto.EVP_DigestVerify(context, given, (nuint)signature.Length, input, (nuint)data.Length) == 1;
            }
        }
        finally
        {
            LibCrypto.ERR_clear_error();
            LibCrypto.EVP_MD_CTX_free(context);
        }
    }
}
