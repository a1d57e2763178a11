using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Quorum;

/// <summary>
/// A user's public key for approvals and multi-factor logins, as X.509 has it (SubjectPublicKeyInfo, RFC 5280 4.1.2.7). It signs values of 32 bytes: RSA (2048 to 4096 bits, CloudHSM's 2048 among
/// them) with PKCS#1 v1.5 as a SHA-256 digest, P-256 with ECDSA (DER) as a digest, Ed25519 as the message; which is what <c>openssl pkeyutl -sign</c> does with each.
/// </summary>
internal static class SignerKey
{
    /// <summary>Bytes of what is signed.</summary>
    public const int ValueSize = 32;

    private const int MaxLength = 1024;
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 4096;
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Ec = "1.2.840.10045.2.1";
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string Edwards = "1.3.101.112";

    /// <summary>Whether these bytes are a key that may be registered.</summary>
    public static bool IsOne(ReadOnlyMemory<byte> info)
    {
        if (!TryOpen(info, out EvpKey? key))
        {
            return false;
        }

        key.Dispose();
        return true;
    }

    /// <summary>Whether a signature is this key's, of this value.</summary>
    /// <param name="info">The key.</param>
    /// <param name="value">32 bytes.</param>
    /// <param name="signature">Any length.</param>
    public static bool Verify(ReadOnlyMemory<byte> info, ReadOnlySpan<byte> value, ReadOnlySpan<byte> signature)
    {
        if (value.Length != ValueSize || !TryOpen(info, out EvpKey? key))
        {
            return false;
        }

        using (key)
        {
            if (key.Raw is not null)
            {
                return key.VerifyWhole(value, signature);
            }

            if (key.Curve is null)
            {
                return key.Verify(SignatureScheme.Pkcs1(DigestAlgorithm.Sha256), value, signature);
            }

            Span<byte> plain = stackalloc byte[key.SignatureSize];
            return TryPlain(signature, plain) && key.Verify(SignatureScheme.Ecdsa, value, plain);
        }
    }

    private static bool TryPlain(ReadOnlySpan<byte> der, Span<byte> plain)
    {
        try
        {
            EcdsaSignature.FromDer(der, plain);
            return true;
        }
        catch (CryptoException)
        {
            // No DER sequence of two integers is no signature.
            return false;
        }
    }

    private static bool TryOpen(ReadOnlyMemory<byte> info, [NotNullWhen(true)] out EvpKey? key)
    {
        key = null;
        try
        {
            key = info.Length <= MaxLength ? Open(info) : null;
        }
        catch (Exception broken) when (broken is AsnContentException or CryptoException or ArgumentException)
        {
            // Whatever is wrong with it, it is no key.
        }

        return key is not null;
    }

    private static EvpKey? Open(ReadOnlyMemory<byte> info)
    {
        var reader = new AsnReader(info, AsnEncodingRules.DER);
        AsnReader body = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        AsnReader algorithm = body.ReadSequence();
        byte[] bits = body.ReadBitString(out int unused);
        body.ThrowIfNotEmpty();
        string name = algorithm.ReadObjectIdentifier();
        return unused != 0 ? null : name switch
        {
            Rsa => OpenRsa(bits),
            Ec when algorithm.ReadObjectIdentifier() == P256 => EvpKey.TryOpenEcPublic(EcCurve.P256, bits, out EvpKey? key) ? key : null,
            Edwards when bits.Length == RawCurve.KeySize => EvpKey.OpenRawPublic(RawCurve.Ed25519, bits),
            _ => null,
        };
    }

    private static EvpKey? OpenRsa(byte[] bits)
    {
        AsnReader numbers = new AsnReader(bits, AsnEncodingRules.DER).ReadSequence();
        System.Numerics.BigInteger modulus = numbers.ReadInteger(), exponent = numbers.ReadInteger();
        return modulus.Sign > 0 && modulus.GetBitLength() is >= MinRsaBits and <= MaxRsaBits && exponent >= 65537 && !exponent.IsEven && exponent.GetBitLength() <= 64
            ? EvpKey.OpenRsaPublic(modulus.ToByteArray(isUnsigned: true), exponent.ToByteArray(isUnsigned: true))
            : null;
    }
}
