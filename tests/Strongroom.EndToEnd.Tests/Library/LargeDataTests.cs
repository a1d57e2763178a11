using System.Security.Cryptography;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;
using Strongroom.EndToEnd.Tests.Wycheproof;

namespace Strongroom.EndToEnd.Tests.Library;

/// <summary>Data of any length, in one call and in parts: what CloudHSM ends at 16 KiB.</summary>
public sealed class LargeDataTests(QuickstartDeployment deployment) : Suite(deployment)
{
    private const int Part = 700_001;
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] Iv = RandomNumberGenerator.GetBytes(16);

    private static readonly Dictionary<string, Mechanism> Ciphers = new()
    {
        ["CKM_AES_ECB"] = new(0x1081),
        ["CKM_AES_CBC"] = Mechanism.WithIv(0x1082, Iv),
        ["CKM_AES_CBC_PAD"] = Mechanism.WithIv(Ckm.AesCbcPad, Iv),
        ["CKM_AES_CTR"] = Mechanism.WithIv(0x1086, [128, 0, 0, 0, 0, 0, 0, 0, .. Iv]),
        ["CKM_AES_GCM"] = Mechanism.Gcm(Iv[..12], "header"u8.ToArray(), 128),
        ["CKM_CLOUDHSM_AES_GCM"] = new(0x80001087, m => m.Words(0, 0, 0, m.Put("header"u8), 6, 128)),
    };

    public static TheoryData<string> Names => [.. Ciphers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encrypts_and_decrypts_in_one_call_and_in_parts(string name) => EncryptAndDecrypt(name, 3_000_000 / 16 * 16);

    /// <summary>The same with much more than a buffer anywhere on the way has.</summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(Names))]
    public void Encrypts_and_decrypts_64_mebibytes(string name) => EncryptAndDecrypt(name, 64 << 20);

    [Fact]
    public void A_changed_bit_far_inside_gives_nothing_out()
    {
        var (data, key) = (RandomNumberGenerator.GetBytes(3_000_000), AesKey());
        var gcm = Ciphers["CKM_AES_GCM"];
        var ciphertext = Token.Encrypt(gcm, key, data).Output;
        ciphertext[2_000_000] ^= 1;
        Assert.Equal(0x40UL, Token.Decrypt(gcm, key, ciphertext).Rv);
        var output = new MemoryStream();
        Assert.Equal(0x40UL, Token.InParts("C_Decrypt", gcm, key, Split(ciphertext), output.Write));
        Assert.Equal(0, output.Length);
        Assert.Equal(0x91UL, Token.Finish("C_Decrypt"));
    }

    [Theory]
    [InlineData(3_000_000)]
    public void Digests_signs_and_authenticates_in_one_call_and_in_parts(int length)
    {
        var data = RandomNumberGenerator.GetBytes(length);
        Assert.Equal(SHA256.HashData(data), Made("C_Digest", new Mechanism(Ckm.Sha256), 0, data));
        Assert.Equal(SHA512.HashData(data), Made("C_Digest", new Mechanism(Ckm.Sha512), 0, data));
        var secret = Import(
            CkAttribute.Of(Cka.Class, Ck.SecretKey), CkAttribute.Of(Cka.KeyType, Ck.GenericSecret), CkAttribute.Of(Cka.Value, Key), CkAttribute.Of(Cka.Sign, true), CkAttribute.Of(Cka.Verify, true));
        Assert.Equal(HMACSHA256.HashData(Key, data), Made("C_Sign", new Mechanism(0x251), secret, data));
        Assert.Equal(HMACSHA256.HashData(Key, data), Token.Sign(new Mechanism(0x251), secret, data).Output);

        var (rv, publicKey, privateKey) = Token.GeneratePair(
            new Mechanism(0x1040),
            [CkAttribute.Of(Cka.EcParams, [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]), CkAttribute.Of(Cka.Verify, true), CkAttribute.Of(Cka.Token, false)],
            [CkAttribute.Of(Cka.Sign, true), CkAttribute.Of(Cka.Token, false)]);
        Assert.Equal(Ck.Ok, rv);
        var ecdsa = new Mechanism(Ckm.EcdsaWith("SHA-256"));
        var signature = Made("C_Sign", ecdsa, Remember(privateKey), data);
        Assert.Equal(Ck.Ok, Token.Verify(ecdsa, Remember(publicKey), data, signature));
        Assert.Equal(Ck.Ok, Token.VerifyInParts(ecdsa, publicKey, Split(data), Token.Sign(ecdsa, privateKey, data).Output));
    }

    // AES-CCM, which libcrypto computes in one piece, and Ed25519, which reads its message twice (RFC 8032 5.1.6).
    [Fact]
    public void What_must_be_there_as_a_whole_ends_at_1_mebibyte_and_leaves_nothing_open()
    {
        const ulong dataLenRange = 0x21, encryptedDataLenRange = 0x41;
        var (data, key, nonce) = (RandomNumberGenerator.GetBytes((1 << 20) + 1), AesKey(), new byte[11]);
        Mechanism whole = Mechanism.Ccm(data.Length - 1, nonce, [7], 16), more = Mechanism.Ccm(data.Length, nonce, [7], 16);
        var ciphertext = Token.Encrypt(whole, key, data[..^1]).Output;
        Assert.True(Token.Decrypt(whole, key, ciphertext).Output.AsSpan().SequenceEqual(data.AsSpan(0, data.Length - 1)));
        Assert.Equal(encryptedDataLenRange, Token.Decrypt(whole, key, [.. ciphertext, 0]).Rv);
        Assert.Equal(dataLenRange, Token.Encrypt(more, key, data).Rv);
        Assert.Equal(dataLenRange, Token.InParts("C_Encrypt", more, key, Split(data), _ => { }));
        Assert.Equal(0x91UL, Token.Finish("C_Encrypt"));

        var (rv, _, privateKey) = Token.GeneratePair(
            new Mechanism(0x1055), [CkAttribute.Of(Cka.EcParams, [0x06, 0x03, 0x2B, 0x65, 0x70]), CkAttribute.Of(Cka.Token, false)], [CkAttribute.Of(Cka.Sign, true), CkAttribute.Of(Cka.Token, false)]);
        Assert.Equal(Ck.Ok, rv);
        Assert.Equal(Ck.Ok, Token.Sign(new Mechanism(0x1057), Remember(privateKey), data[..^1]).Rv);
        Assert.Equal(dataLenRange, Token.Sign(new Mechanism(0x1057), privateKey, data).Rv);
        Assert.Equal(64, Token.Sign(new Mechanism(0x1057), privateKey, [1]).Output.Length);
        Assert.Equal(64, Token.Sign(new Mechanism(0x1057, m => m.Words(1, 0, 0)), privateKey, data).Output.Length);   // Ed25519ph
    }

    private void EncryptAndDecrypt(string name, int length)
    {
        var (mechanism, data, key) = (Ciphers[name], RandomNumberGenerator.GetBytes(length), AesKey());
        var whole = Token.Encrypt(mechanism, key, data);
        Assert.Equal(Ck.Ok, whole.Rv);
        var parts = Made("C_Encrypt", mechanism, key, data);
        if (name != "CKM_CLOUDHSM_AES_GCM")
        {
            Assert.True(parts.AsSpan().SequenceEqual(whole.Output), "parts give something else");   // the other draws its IV
        }

        if (Reference(name, data) is { } reference)
        {
            Assert.True(reference.AsSpan().SequenceEqual(parts), ".NET gives something else");
        }

        Assert.True(Token.Decrypt(mechanism, key, parts).Output.AsSpan().SequenceEqual(data), "decrypting gives something else");
        Assert.True(Made("C_Decrypt", mechanism, key, whole.Output).AsSpan().SequenceEqual(data), "decrypting in parts gives something else");
    }

    private static byte[]? Reference(string name, byte[] data)
    {
        using var aes = Aes.Create();
        aes.Key = Key;
        if (name == "CKM_AES_GCM")
        {
            var (ciphertext, tag) = (new byte[data.Length], new byte[16]);
            using var gcm = new AesGcm(Key, 16);
            gcm.Encrypt(Iv.AsSpan(0, 12), data, ciphertext, tag, "header"u8);
            return [.. ciphertext, .. tag];
        }

        return name switch
        {
            "CKM_AES_CBC" => aes.EncryptCbc(data, Iv, PaddingMode.None),
            "CKM_AES_CBC_PAD" => aes.EncryptCbc(data, Iv),
            "CKM_AES_ECB" => aes.EncryptEcb(data, PaddingMode.None),
            _ => null,
        };
    }

    private ulong AesKey() => Secret(Ck.Aes, Key, Cka.Encrypt, Cka.Decrypt);

    private byte[] Made(string function, Mechanism mechanism, ulong key, byte[] data)
    {
        var output = new MemoryStream();
        Assert.Equal(Ck.Ok, Token.InParts(function, mechanism, key, Split(data), output.Write));
        return output.ToArray();
    }

    private static IEnumerable<byte[]> Split(byte[] data) => data.Chunk(Part);
}
