using System.Text;

namespace Strongroom.Crypto;

/// <summary>
/// The known-answer tests that run before an HSM serves (FIPS 140-3 7.10): every approved algorithm once, through the same code that serves requests. The table is in <c>SelfTests.Table.cs</c>.
/// They show that this libcrypto computes what the standards say; they make it no validated module.
/// </summary>
public static partial class SelfTests
{
    private const string Verified = "01";

    private static readonly byte[] CbcKey = Convert.FromHexString("603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4");
    private static readonly byte[] Sequence = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];
    private static readonly byte[] TwentyZeros = new byte[20];

    /// <summary>Whether a FIPS provider is loaded; its own tests ran when it was.</summary>
    public static bool FipsProvider => Binding.LibCrypto.FipsProvider;

    /// <summary>libcrypto's version, for logs.</summary>
    public static string LibraryVersion => Binding.LibCrypto.Version;

    /// <summary>Runs all; about 5 ms.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="SelfTestException">One failed, by name: the process must not serve.</exception>
    public static int Run()
    {
        foreach (var test in All)
        {
            test.Run();
        }

        return All.Count;
    }

    private static byte[] Hash(DigestAlgorithm algorithm)
    {
        var output = new byte[algorithm.Size];
        Digest.Compute(algorithm, "abc"u8, output);
        return output;
    }

    private static byte[] Code(DigestAlgorithm algorithm)
    {
        var output = new byte[algorithm.Size];
        Hmac.Compute(algorithm, "Jefe"u8, "what do ya want for nothing?"u8, output);
        return output;
    }

    private static byte[] ExpandedKey()
    {
        var (key, output) = (new byte[22], new byte[42]);
        Array.Fill(key, (byte)0x0B);
        Hkdf.Derive(key, Sequence.AsSpan(0, 13), Convert.FromHexString("F0F1F2F3F4F5F6F7F8F9"), output);
        return output;
    }

    private static byte[] StretchedKey()
    {
        var output = new byte[64];
        PasswordDerivation.Pbkdf2(DigestAlgorithm.Sha256, "passwd"u8, "salt"u8, 1, output);
        return output;
    }

    private static byte[] HardStretchedKey()
    {
        var output = new byte[64];
        PasswordDerivation.Scrypt(default, default, 16, 1, 1, output);
        return output;
    }

    private static byte[] CbcEncrypted()
    {
        var output = new byte[48];
        var length = BlockCipher.Encrypt(
            CipherAlgorithm.AesCbc, CbcKey, Sequence.AsSpan(0, 16), padding: false, Convert.FromHexString("6BC1BEE22E409F96E93D7E117393172A"), output);
        return output[..length];
    }

    private static byte[] CbcDecrypted()
    {
        var output = new byte[48];
        BlockCipher.TryDecrypt(
            CipherAlgorithm.AesCbc, CbcKey, Sequence.AsSpan(0, 16), padding: false, Convert.FromHexString("F58C4C04D6E5F1BA779EABFB5F7BFBD6"), output, out var length);
        return output[..length];
    }

    private static byte[] GcmSealed()
    {
        var output = new byte[32];
        Aead.Seal(new byte[32], new byte[12], default, new byte[16], output);
        return output;
    }

    private static byte[] GcmOpened()
    {
        var output = new byte[16];
        var opened = Aead.TryOpen(new byte[32], new byte[12], default, Convert.FromHexString("CEA7403D4D606B6E074EC5D3BAF39D18D0D1C8A799996BF0265B98B5D48AB919"), output);
        return opened ? output : [];
    }

    private static byte[] Wrapped()
    {
        var output = new byte[48];
        var length = BlockCipher.Encrypt(
            CipherAlgorithm.AesWrap, Sequence, default, padding: false, Convert.FromHexString("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F"), output);
        return output[..length];
    }

    private static byte[] WrappedPadded()
    {
        var output = new byte[48];
        var key = Convert.FromHexString("5840DF6E29B02AF1AB493B705BF16EA1AE8338F4DCC176A8");
        var length = BlockCipher.Encrypt(
            CipherAlgorithm.AesWrapPad, key, default, padding: false, Convert.FromHexString("C37B7E6492584340BED12207808941155068F738"), output);
        return output[..length];
    }

    private static byte[] RsaSigned()
    {
        var (hash, signature) = (new byte[32], new byte[256]);
        Digest.Compute(DigestAlgorithm.Sha256, TwentyZeros, hash);
        using var key = EvpKey.FromPkcs8(Convert.FromHexString(RsaPrivateKey));
        key?.Sign(SignatureScheme.Pkcs1(DigestAlgorithm.Sha256), hash, signature);
        return signature;
    }

    private static byte[] PssVerified()
    {
        var (hash, modulus) = (new byte[32], Convert.FromHexString(PssPublicModulus));
        Digest.Compute(DigestAlgorithm.Sha256, TwentyZeros, hash);
        Array.Reverse(modulus);
        using var key = EvpKey.OpenRsaPublic(modulus, [1, 0, 1]);
        return [key.Verify(SignatureScheme.Pss(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, 32), hash, Convert.FromHexString(PssSignature)) ? (byte)1 : (byte)0];
    }

    private static byte[] EcdsaVerified(EcCurve curve, DigestAlgorithm algorithm, string coordinates, string signature)
    {
        var hash = new byte[algorithm.Size];
        Digest.Compute(algorithm, "sample"u8, hash);
        using var key = EvpKey.OpenEcPublic(curve, [4, .. Convert.FromHexString(coordinates)]);
        return [key.Verify(SignatureScheme.Ecdsa, hash, Convert.FromHexString(signature)) ? (byte)1 : (byte)0];
    }

    private static byte[] EcPairGenerated()
    {
        using var key = EvpKey.GenerateEc(EcCurve.P256);   // runs the pairwise test itself
        return [1];
    }

    private static byte[] Ed25519Signed()
    {
        var signature = new byte[64];
        Ed25519.Sign(Convert.FromHexString("4CCD089B28FF96DA9DB6C346EC114E0F5B8A319F35ABA624DA8CF6ED4FB8A6FB"), Encoding.ASCII.GetBytes("r"), signature);
        return signature;
    }
}
