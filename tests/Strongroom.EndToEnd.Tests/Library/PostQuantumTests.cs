using System.Security.Cryptography;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;
using Strongroom.EndToEnd.Tests.Wycheproof;

namespace Strongroom.EndToEnd.Tests.Library;

/// <summary>ML-DSA and ML-KEM keys that live in the HSM; the vectors are Wycheproof's matter.</summary>
public sealed class PostQuantumTests(QuickstartDeployment deployment) : Suite(deployment)
{
    private const ulong BufferTooSmall = 0x150, ParameterSetNotSupported = 0x209, MechanismParamInvalid = 0x71, SignatureInvalid = 0xC0, KeySizeRange = 0x62, KeyFunctionNotPermitted = 0x68, DataLenRange = 0x21;

    [Theory]
    [InlineData(1, 768)]
    [InlineData(2, 1088)]
    [InlineData(3, 1568)]
    public void What_is_encapsulated_is_found_again(ulong set, int size)
    {
        var (publicKey, privateKey) = KemPair(set);
        var kem = new Mechanism(Ckm.MlKem);
        var (asked, length, _, none) = Token.Encapsulate(kem, publicKey, null, Readable(null));
        Assert.Equal((Ck.Ok, (ulong)size, 0UL), (asked, length, none));

        var before = Token.CountObjects();
        var (small, told, _, _) = Token.Encapsulate(kem, publicKey, size - 1, Readable(null));
        Assert.Equal((BufferTooSmall, (ulong)size), (small, told));
        Assert.Equal(before, Token.CountObjects());

        var (made, _, ciphertext, secret) = Token.Encapsulate(kem, publicKey, size, Readable(null));
        Assert.Equal(Ck.Ok, made);
        Assert.Equal(size, ciphertext.Length);
        var (found, again) = Token.Decapsulate(kem, privateKey, ciphertext, Readable(null));
        Assert.Equal(Ck.Ok, found);
        var value = Token.Read(Remember(secret), Cka.Value);
        Assert.Equal(32, value.Length);
        Assert.Equal(value, Token.Read(Remember(again), Cka.Value));

        // FIPS 203 6.3: a ciphertext that nobody made gives a secret that nobody knows, and always the same one.
        ciphertext[7] ^= 1;
        var first = Token.Read(Remember(Token.Decapsulate(kem, privateKey, ciphertext, Readable(null)).Handle), Cka.Value);
        Assert.NotEqual(value, first);
        Assert.Equal(first, Token.Read(Remember(Token.Decapsulate(kem, privateKey, ciphertext, Readable(null)).Handle), Cka.Value));
        Assert.Equal(MechanismParamInvalid, Token.Decapsulate(kem, privateKey, ciphertext[1..], Readable(null)).Rv);
        Assert.Equal(KeySizeRange, Token.Decapsulate(kem, privateKey, ciphertext, Readable(16)).Rv);
        Assert.Equal(KeyFunctionNotPermitted, Token.Decapsulate(kem, publicKey, ciphertext, Readable(null)).Rv);
    }

    [Fact]
    public void An_encapsulated_secret_is_a_key_like_any_other()
    {
        var (publicKey, privateKey) = KemPair(2);
        var kem = new Mechanism(Ckm.MlKem);
        CkAttribute[] aes = [CkAttribute.Of(Cka.Class, Ck.SecretKey), CkAttribute.Of(Cka.KeyType, Ck.Aes), CkAttribute.Of(Cka.Token, false), CkAttribute.Of(Cka.Encrypt, true), CkAttribute.Of(Cka.Decrypt, true)];
        var (_, _, ciphertext, ours) = Token.Encapsulate(kem, publicKey, 1088, aes);
        var (_, theirs) = Token.Decapsulate(kem, privateKey, ciphertext, aes);
        var gcm = Mechanism.Gcm(RandomNumberGenerator.GetBytes(12), [], 128);
        var sealedBytes = Token.Encrypt(gcm, Remember(ours), "hello"u8.ToArray()).Output;
        Assert.Equal("hello"u8.ToArray(), Token.Decrypt(gcm, Remember(theirs), sealedBytes).Output);
    }

    [Theory]
    [InlineData(1, Ckm.MlDsa, 2420)]
    [InlineData(2, Ckm.MlDsa, 3309)]
    [InlineData(3, Ckm.MlDsa, 4627)]
    [InlineData(2, 0x26, 3309)]
    [InlineData(2, 0x28, 3309)]
    [InlineData(2, 0x2C, 3309)]
    public void Ml_dsa_signs_messages_in_parts(ulong set, ulong number, int size)
    {
        var (publicKey, privateKey) = DsaPair(set);
        var mechanism = Mechanism.WithContext(number, "context"u8.ToArray(), deterministic: false);
        var message = RandomNumberGenerator.GetBytes(3_000_000);
        byte[][] parts = [message[..1], message[1..1_500_000], message[1_500_000..]];
        byte[] signature = [];
        Assert.Equal(Ck.Ok, Token.InParts("C_Sign", mechanism, privateKey, parts, piece => signature = piece.ToArray()));
        Assert.Equal(size, signature.Length);
        Assert.Equal(Ck.Ok, Token.Verify(mechanism, publicKey, message, signature));
        Assert.Equal(Ck.Ok, Token.VerifyInParts(mechanism, publicKey, parts, signature));
        Assert.Equal(SignatureInvalid, Token.Verify(mechanism with { Parameter = null }, publicKey, message, signature));
        Assert.NotEqual(signature, Token.Sign(mechanism, privateKey, message).Output);
        message[2_000_000] ^= 1;
        Assert.Equal(SignatureInvalid, Token.Verify(mechanism, publicKey, message, signature));
    }

    [Fact]
    public void A_message_representative_is_signed_as_the_message_is()
    {
        var (publicKey, privateKey) = DsaPair(2);
        var mu = Shake256.HashData([.. Shake256.HashData(Token.Read(publicKey, Cka.Value), 64), 0, 0, .. "hello"u8], 64);
        var ofMu = new Mechanism(0xD352001D);
        var signature = Token.Sign(ofMu, privateKey, mu).Output;
        Assert.Equal(Ck.Ok, Token.Verify(new Mechanism(Ckm.MlDsa), publicKey, "hello"u8.ToArray(), signature));
        Assert.Equal(Ck.Ok, Token.Verify(ofMu, publicKey, mu, signature));
        Assert.Equal(MechanismParamInvalid, Token.Sign(Mechanism.WithContext(0xD352001D, [1], deterministic: false), privateKey, mu).Rv);
        Assert.Equal(DataLenRange, Token.Sign(ofMu, privateKey, mu[1..]).Rv);
    }

    [Fact]
    public void A_wrapped_private_key_signs_again()
    {
        var (publicKey, privateKey) = DsaPair(1);
        var (generated, wrapping) = Token.Generate(new Mechanism(0x1080), CkAttribute.Of(Cka.ValueLen, 32UL), CkAttribute.Of(Cka.Token, false), CkAttribute.Of(Cka.Wrap, true), CkAttribute.Of(Cka.Unwrap, true));
        Assert.Equal(Ck.Ok, generated);
        Remember(wrapping);
        var (wrapped, bytes) = Token.Wrap(new Mechanism(Ckm.AesKeyWrapKwp), wrapping, privateKey);
        Assert.Equal(Ck.Ok, wrapped);
        var (back, copy) = Token.Unwrap(
            new Mechanism(Ckm.AesKeyWrapKwp), wrapping, bytes,
            CkAttribute.Of(Cka.Class, Ck.PrivateKey), CkAttribute.Of(Cka.KeyType, Ck.MlDsa), CkAttribute.Of(Cka.Token, false), CkAttribute.Of(Cka.Sign, true));
        Assert.Equal(Ck.Ok, back);
        var signature = Token.Sign(new Mechanism(Ckm.MlDsa), Remember(copy), [1, 2, 3]).Output;
        Assert.Equal(Ck.Ok, Token.Verify(new Mechanism(Ckm.MlDsa), publicKey, [1, 2, 3], signature));
    }

    [Fact]
    public void A_parameter_set_that_nobody_has_makes_no_key()
    {
        var before = Token.CountObjects();
        Assert.Equal(ParameterSetNotSupported, Token.GeneratePair(new Mechanism(0x1C), [CkAttribute.Of(Cka.ParameterSet, 4UL)], []).Rv);
        Assert.Equal(before, Token.CountObjects());
    }

    private (ulong Public, ulong Private) KemPair(ulong set) => Pair(Ckm.MlKemKeyPairGen, set, Cka.Encapsulate, Cka.Decapsulate);

    private (ulong Public, ulong Private) DsaPair(ulong set) => Pair(0x1C, set, Cka.Verify, Cka.Sign);

    private (ulong Public, ulong Private) Pair(ulong generation, ulong set, ulong publicUse, ulong privateUse)
    {
        var (rv, publicKey, privateKey) = Token.GeneratePair(
            new Mechanism(generation),
            [CkAttribute.Of(Cka.ParameterSet, set), CkAttribute.Of(publicUse, true), CkAttribute.Of(Cka.Token, false)],
            [CkAttribute.Of(privateUse, true), CkAttribute.Of(Cka.Token, false), CkAttribute.Of(Cka.Extractable, true)]);
        Assert.Equal(Ck.Ok, rv);
        return (Remember(publicKey), Remember(privateKey));
    }
}
