using System.Security.Cryptography;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Tests.Mechanisms;

public sealed class WycheproofTests
{
    private const ulong AesGcmNumber = 0x1087;
    private const ulong AesCbcPadNumber = 0x1085;

    [Fact]
    public void Aes_gcm() => Wycheproof.Run("aes_gcm", one =>
    {
        using var key = TestKeys.Secret(KeyType.Aes, one.Bytes("key"));
        var mechanism = MechanismCatalog.Find(AesGcmNumber)!;
        var call = new MechanismCall(AesGcmNumber, ParameterShape.Gcm, Iv: one.Bytes("iv"), Aad: one.Bytes("aad"), Bits: (ulong)one.GroupNumber("tagSize"));
        byte[] ciphertext = [.. one.Bytes("ct"), .. one.Bytes("tag")];
        if (one.IsValid && one.GroupNumber("ivSize") <= 1024)
        {
            Assert.Equal(ciphertext, TestKeys.Must(mechanism, Use.Encrypt, call, key, one.Bytes("msg")));
        }

        if (one.GroupNumber("ivSize") > 1024)
        {
            // Longer than libcrypto takes: refused, and by the parameter's code.
            Assert.Equal(Rv.MechanismParamInvalid, TestKeys.Try(mechanism, Use.Decrypt, call, key, ciphertext, null, out _));
            return one.IsValid;
        }

        return TestKeys.Try(mechanism, Use.Decrypt, call, key, ciphertext, null, out var plaintext) == Rv.Ok && plaintext.SequenceEqual(one.Bytes("msg"));
    });

    [Fact]
    public void Aes_cbc_pad() => Wycheproof.Run("aes_cbc_pkcs5", one =>
    {
        using var key = TestKeys.Secret(KeyType.Aes, one.Bytes("key"));
        var mechanism = MechanismCatalog.Find(AesCbcPadNumber)!;
        var call = new MechanismCall(AesCbcPadNumber, ParameterShape.Bytes, Iv: one.Bytes("iv"));
        if (one.IsValid)
        {
            Assert.Equal(one.Bytes("ct"), TestKeys.Must(mechanism, Use.Encrypt, call, key, one.Bytes("msg")));
        }

        var rv = TestKeys.Try(mechanism, Use.Decrypt, call, key, one.Bytes("ct"), null, out var plaintext);
        Assert.True(rv is Rv.Ok or Rv.EncryptedDataInvalid);
        return rv == Rv.Ok && plaintext.SequenceEqual(one.Bytes("msg"));
    });

    [Theory]
    [InlineData("aes_wrap", 0x2109)]
    [InlineData("aes_kwp", 0x210B)]
    public void Aes_key_wrap(string file, ulong number) => Wycheproof.Run(file, one =>
    {
        using var key = TestKeys.Secret(KeyType.Aes, one.Bytes("key"));
        var mechanism = MechanismCatalog.Find(number)!;
        var call = new MechanismCall(number);
        if (one.IsValid)
        {
            Assert.Equal(one.Bytes("ct"), TestKeys.Must(mechanism, Use.Encrypt, call, key, one.Bytes("msg")));
        }

        var rv = TestKeys.Try(mechanism, Use.Decrypt, call, key, one.Bytes("ct"), null, out var plaintext);
        Assert.True(rv is Rv.Ok or Rv.EncryptedDataInvalid);
        return rv == Rv.Ok && plaintext.SequenceEqual(one.Bytes("msg"));
    });

    [Theory]
    [InlineData("hmac_sha1", 0x221)]
    [InlineData("hmac_sha224", 0x256)]
    [InlineData("hmac_sha256", 0x251)]
    [InlineData("hmac_sha384", 0x261)]
    [InlineData("hmac_sha512", 0x271)]
    public void Hmac(string file, ulong number) => Wycheproof.Run(file, one =>
    {
        using var key = TestKeys.Secret(KeyType.GenericSecret, one.Bytes("key"));
        var mechanism = MechanismCatalog.Find(number)!;
        var full = mechanism.Check(Use.Sign, new MechanismCall(number), key, ClusterMode.NonFips).Value.Fixed;
        var tag = one.Bytes("tag");
        if (tag.Length == full)
        {
            return TestKeys.Try(mechanism, Use.Verify, new MechanismCall(number), key, one.Bytes("msg"), tag, out _) == Rv.Ok;
        }

        // Truncated codes are another mechanism's matter; here the code's beginning must agree, and the short one must be refused.
        Assert.Equal(Rv.SignatureLenRange, TestKeys.Try(mechanism, Use.Verify, new MechanismCall(number), key, one.Bytes("msg"), tag, out _));
        return TestKeys.Must(mechanism, Use.Sign, new MechanismCall(number), key, one.Bytes("msg")).AsSpan(0, tag.Length).SequenceEqual(tag);
    });

    [Theory]
    [InlineData("ecdsa_secp256r1_sha256_p1363", 0x1044)]
    [InlineData("ecdsa_secp384r1_sha384_p1363", 0x1045)]
    public void Ecdsa(string file, ulong number) => Wycheproof.Run(file, one =>
    {
        using var reader = ECDsa.Create();
        reader.ImportSubjectPublicKeyInfo(one.GroupBytes("publicKeyDer"), out _);
        var point = Convert.FromHexString(one.Group.GetProperty("publicKey").GetProperty("uncompressed").GetString()!);
        var curve = reader.KeySize == 256 ? Crypto.EcCurve.P256 : Crypto.EcCurve.P384;
        using var key = KeyImport.FromTemplate(
            ObjectClass.PublicKey, KeyType.Ec, [new(AttributeType.EcParams, curve.Oid), new(AttributeType.EcPoint, EcPoint.ToOctetString(point))]).Value;
        return Verifies(number, new MechanismCall(number), key, one);
    });

    [Theory]
    [InlineData("rsa_signature_2048_sha256", 0x40)]
    [InlineData("rsa_signature_3072_sha384", 0x41)]
    [InlineData("rsa_signature_4096_sha512", 0x42)]
    public void Rsa_pkcs1(string file, ulong number) => Wycheproof.Run(file, one =>
    {
        // "acceptable" marks a DigestInfo without its NULL; whichever way that goes is no fault.
        using var key = RsaPublic(one.Group.GetProperty("publicKey"));
        return Verifies(number, new MechanismCall(number), key, one);
    });

    [Theory]
    [InlineData("rsa_pss_2048_sha256_mgf1_0")]
    [InlineData("rsa_pss_2048_sha256_mgf1_32")]
    [InlineData("rsa_pss_misc")]
    public void Rsa_pss(string file) => Wycheproof.Run(file, one =>
    {
        var hash = one.GroupText("sha");
        if (Pss(hash) is not { } numbers || Pss(one.GroupText("mgfSha")) is not { } mask)
        {
            return one.IsValid;   // SHA-512/224 and /256, which this HSM does not have
        }

        using var key = RsaPublic(one.Group.GetProperty("publicKey"));
        return Verifies(numbers.Mechanism, new MechanismCall(numbers.Mechanism, ParameterShape.Pss, Bits: (ulong)one.GroupNumber("sLen"), Hash: numbers.Hash, Mgf: mask.Mgf), key, one);
    });

    [Fact]
    public void Rsa_pkcs1_signatures_are_made_to_the_byte() => Wycheproof.Run("rsa_pkcs1_2048_sig_gen", one =>
    {
        var numbers = one.Group.GetProperty("privateKeyPkcs8").GetString()!;
        using var key = KeyImport.FromUnwrapped(ObjectClass.PrivateKey, KeyType.Rsa, Convert.FromHexString(numbers), ClusterMode.NonFips).Value;
        if (Pss(one.GroupText("sha")) is not { } hash)
        {
            return one.IsValid;
        }

        var mechanism = MechanismCatalog.Find(hash.Pkcs1)!;
        return TestKeys.Must(mechanism, Use.Sign, new MechanismCall(hash.Pkcs1), key, one.Bytes("msg")).SequenceEqual(one.Bytes("sig"));
    });

    private static bool Verifies(ulong number, in MechanismCall call, KeyMaterial key, Wycheproof.Case one)
    {
        var rv = TestKeys.Try(MechanismCatalog.Find(number)!, Use.Verify, call, key, one.Bytes("msg"), one.Bytes("sig"), out _);
        Assert.True(rv is Rv.Ok or Rv.SignatureInvalid or Rv.SignatureLenRange, $"{one}: {rv}");
        return rv == Rv.Ok;
    }

    private static KeyMaterial RsaPublic(System.Text.Json.JsonElement publicKey) => KeyImport.FromTemplate(
        ObjectClass.PublicKey,
        KeyType.Rsa,
        [
            new(AttributeType.Modulus, Convert.FromHexString(publicKey.GetProperty("modulus").GetString()!)),
            new(AttributeType.PublicExponent, Convert.FromHexString(publicKey.GetProperty("publicExponent").GetString()!)),
        ]).Value;

    private static (ulong Mechanism, ulong Hash, ulong Mgf, ulong Pkcs1)? Pss(string hash) => hash switch
    {
        "SHA-1" => (0xE, 0x220, 1, 0x6),
        "SHA-224" => (0x47, 0x255, 5, 0x46),
        "SHA-256" => (0x43, 0x250, 2, 0x40),
        "SHA-384" => (0x44, 0x260, 3, 0x41),
        "SHA-512" => (0x45, 0x270, 4, 0x42),
        _ => null,
    };
}
