using System.Diagnostics.CodeAnalysis;
using System.Text;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

public sealed unsafe partial class EvpKey
{
    /// <summary>Generates an RSA key (FIPS 186-5 A.1) and tests it.</summary>
    /// <param name="bits">Of the modulus.</param>
    /// <param name="exponent">Public exponent, little-endian; odd, at least 65537.</param>
    /// <exception cref="SelfTestException">What it signs it can't verify.</exception>
    public static EvpKey GenerateRsa(int bits, ReadOnlySpan<byte> exponent)
    {
        var size = (uint)bits;
        fixed (byte* e = exponent)
        {
            var parameters = stackalloc OsslParam[] { OsslParam.UInt32("bits"u8, &size), OsslParam.Number("e"u8, e, exponent.Length), OsslParam.End };
            return Generate("RSA", parameters, null);
        }
    }

    /// <summary>Generates an EC key (FIPS 186-5 A.2) and tests it.</summary>
    /// <exception cref="SelfTestException">What it signs it can't verify.</exception>
    public static EvpKey GenerateEc(EcCurve curve)
    {
        var parameters = stackalloc OsslParam[] { OsslParam.Text("group"u8, curve.NativeName, curve.Name.Length), OsslParam.End };
        return Generate("EC", parameters, curve);
    }

    /// <summary>Opens an RSA public key. All numbers are little-endian, as OSSL_PARAM takes them.</summary>
    public static EvpKey OpenRsaPublic(ReadOnlySpan<byte> n, ReadOnlySpan<byte> e)
    {
        fixed (byte* pn = n, pe = e)
        {
            var parameters = stackalloc OsslParam[] { OsslParam.Number("n"u8, pn, n.Length), OsslParam.Number("e"u8, pe, e.Length), OsslParam.End };
            return FromData("RSA", LibCrypto.SelectPublicKey, parameters, null);
        }
    }

    /// <summary>Opens an RSA private key from its eight numbers, little-endian. They are not checked: see <see cref="IsConsistent"/>.</summary>
    public static EvpKey OpenRsaPrivate(
        ReadOnlySpan<byte> n, ReadOnlySpan<byte> e, ReadOnlySpan<byte> d, ReadOnlySpan<byte> p, ReadOnlySpan<byte> q, ReadOnlySpan<byte> dp, ReadOnlySpan<byte> dq, ReadOnlySpan<byte> qi)
    {
        fixed (byte* pn = n, pe = e, pd = d, pp = p, pq = q, pdp = dp, pdq = dq, pqi = qi)
        {
            var parameters = stackalloc OsslParam[]
            {
                OsslParam.Number("n"u8, pn, n.Length),
                OsslParam.Number("e"u8, pe, e.Length),
                OsslParam.Number("d"u8, pd, d.Length),
                OsslParam.Number("rsa-factor1"u8, pp, p.Length),
                OsslParam.Number("rsa-factor2"u8, pq, q.Length),
                OsslParam.Number("rsa-exponent1"u8, pdp, dp.Length),
                OsslParam.Number("rsa-exponent2"u8, pdq, dq.Length),
                OsslParam.Number("rsa-coefficient1"u8, pqi, qi.Length),
                OsslParam.End,
            };
            return FromData("RSA", LibCrypto.SelectKeyPair, parameters, null);
        }
    }

    /// <summary>Opens an EC public key.</summary>
    /// <param name="curve">Its curve.</param>
    /// <param name="point">Uncompressed. Refused if it is not on the curve.</param>
    public static EvpKey OpenEcPublic(EcCurve curve, ReadOnlySpan<byte> point)
    {
        fixed (byte* pub = point)
        {
            var parameters = stackalloc OsslParam[]
            {
                OsslParam.Text("group"u8, curve.NativeName, curve.Name.Length), OsslParam.Octets("pub"u8, pub, point.Length), OsslParam.End,
            };
            return FromData("EC", LibCrypto.SelectPublicKey, parameters, curve);
        }
    }

    /// <summary>Opens an EC public key that came from outside.</summary>
    /// <param name="curve">Its curve.</param>
    /// <param name="point">Uncompressed.</param>
    /// <param name="key">The key.</param>
    /// <returns>False if the point is not one of the curve's.</returns>
    public static bool TryOpenEcPublic(EcCurve curve, ReadOnlySpan<byte> point, [NotNullWhen(true)] out EvpKey? key)
    {
        try
        {
            key = OpenEcPublic(curve, point);
        }
        catch (CryptoException)
        {
            key = null;   // libcrypto has one way to say no, and what it says no to here is the caller's point
            return false;
        }

        if (key.IsPublicKeyValid())
        {
            return true;
        }

        key.Dispose();
        key = null;
        return false;
    }

    /// <summary>Opens an EC private key. That point and scalar belong together is not checked: see <see cref="IsConsistent"/>.</summary>
    /// <param name="curve">Its curve.</param>
    /// <param name="scalar">Little-endian.</param>
    /// <param name="point">Uncompressed.</param>
    public static EvpKey OpenEcPrivate(EcCurve curve, ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point)
    {
        fixed (byte* priv = scalar, pub = point)
        {
            var parameters = stackalloc OsslParam[]
            {
                OsslParam.Text("group"u8, curve.NativeName, curve.Name.Length),
                OsslParam.Octets("pub"u8, pub, point.Length),
                OsslParam.Number("priv"u8, priv, scalar.Length),
                OsslParam.End,
            };
            return FromData("EC", LibCrypto.SelectKeyPair, parameters, curve);
        }
    }

    /// <summary>Opens a PKCS#8 PrivateKeyInfo (not encrypted), DER.</summary>
    /// <returns>Null if it is none, has bytes behind it, or is of an algorithm or curve that we don't have. The numbers are not checked: see <see cref="IsConsistent"/>.</returns>
    public static EvpKey? FromPkcs8(ReadOnlySpan<byte> der)
    {
        nint info = 0, key = 0;
        try
        {
            fixed (byte* start = der)
            {
                var at = start;
                info = LibCrypto.d2i_PKCS8_PRIV_KEY_INFO(0, &at, der.Length);
                key = info != 0 && at == start + der.Length ? LibCrypto.EVP_PKCS82PKEY_ex(info, LibCrypto.Context, LibCrypto.Properties) : 0;
            }

            var isRsa = key != 0 && LibCrypto.EVP_PKEY_is_a(key, "RSA") == 1;
            var curve = key != 0 && LibCrypto.EVP_PKEY_is_a(key, "EC") == 1 ? CurveOf(key) : null;
            var raw = key == 0 ? null : RawCurveOf(key);
            if (!isRsa && curve is null && raw is null)
            {
                return null;
            }

            var opened = new EvpKey(key, curve) { Raw = raw };
            key = 0;
            return opened;
        }
        finally
        {
            LibCrypto.ERR_clear_error();
            LibCrypto.EVP_PKEY_free(key);
            LibCrypto.PKCS8_PRIV_KEY_INFO_free(info);
        }
    }

    private static RawCurve? RawCurveOf(nint key) =>
        LibCrypto.EVP_PKEY_is_a(key, RawCurve.Ed25519.Name) == 1 ? RawCurve.Ed25519
        : LibCrypto.EVP_PKEY_is_a(key, RawCurve.X25519.Name) == 1 ? RawCurve.X25519 : null;

    private static EcCurve? CurveOf(nint key)
    {
        const int Longest = 64;
        var name = stackalloc byte[Longest];
        nuint length = 0;
        return LibCrypto.EVP_PKEY_get_utf8_string_param(key, "group", name, Longest, &length) == 1
            ? EcCurve.FromGroupName(Encoding.ASCII.GetString(name, (int)length))
            : null;
    }

    private static EvpKey FromData(string algorithm, int selection, OsslParam* parameters, EcCurve? curve)
    {
        var context = LibCrypto.Must(LibCrypto.EVP_PKEY_CTX_new_from_name(LibCrypto.Context, algorithm, LibCrypto.Properties), "EVP_PKEY_CTX_new_from_name");
        try
        {
            nint key = 0;
            LibCrypto.Must(LibCrypto.EVP_PKEY_fromdata_init(context), "EVP_PKEY_fromdata_init");
            LibCrypto.Must(LibCrypto.EVP_PKEY_fromdata(context, &key, selection, parameters), "EVP_PKEY_fromdata");
            return new EvpKey(key, curve);
        }
        finally
        {
            LibCrypto.EVP_PKEY_CTX_free(context);
        }
    }

    private static EvpKey Generate(string algorithm, OsslParam* parameters, EcCurve? curve)
    {
        RandomSource.Stir();
        var context = LibCrypto.Must(LibCrypto.EVP_PKEY_CTX_new_from_name(LibCrypto.Context, algorithm, LibCrypto.Properties), "EVP_PKEY_CTX_new_from_name");
        try
        {
            nint key = 0;
            LibCrypto.Must(LibCrypto.EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init");
            LibCrypto.Must(LibCrypto.EVP_PKEY_CTX_set_params(context, parameters), "EVP_PKEY_CTX_set_params");
            LibCrypto.Must(LibCrypto.EVP_PKEY_generate(context, &key), "EVP_PKEY_generate");
            var generated = new EvpKey(key, curve);
            PairwiseConsistency.Test(generated);
            return generated;
        }
        finally
        {
            LibCrypto.EVP_PKEY_CTX_free(context);
        }
    }
}
