using System.Buffers;
using System.Text.RegularExpressions;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Tests.Mechanisms;

/// <summary>What holds for every mechanism of the catalogue: a new line there is tested here without a line here.</summary>
public sealed partial class CatalogueTests
{
    private static readonly Use[] Uses = Enum.GetValues<Use>();

    public static TheoryData<string> Names => [.. MechanismCatalog.All.Select(mechanism => mechanism.Name)];

    public static TheoryData<string, Use> Offered =>
        [.. from mechanism in MechanismCatalog.All from use in Uses where mechanism.Supports(Mechanism.FlagOf(use)) select (mechanism.Name, use)];

    [Fact]
    public void Numbers_and_names_are_unique_and_look_like_pkcs11()
    {
        Assert.Equal(MechanismCatalog.All.Count, MechanismCatalog.All.Select(mechanism => mechanism.Number).Distinct().Count());
        Assert.Equal(MechanismCatalog.All.Count, MechanismCatalog.All.Select(mechanism => mechanism.Name).Distinct().Count());
        Assert.All(MechanismCatalog.All, mechanism => Assert.Matches(NameForm(), mechanism.Name));
    }

    // PKCS#11 3.2, header pkcs11t.h: written by hand, so that a wrong digit in a leaf shows.
    [Theory]
    [InlineData(0x0000, "CKM_RSA_PKCS_KEY_PAIR_GEN")]
    [InlineData(0x0001, "CKM_RSA_PKCS")]
    [InlineData(0x0003, "CKM_RSA_X_509")]
    [InlineData(0x0006, "CKM_SHA1_RSA_PKCS")]
    [InlineData(0x0009, "CKM_RSA_PKCS_OAEP")]
    [InlineData(0x000A, "CKM_RSA_X9_31_KEY_PAIR_GEN")]
    [InlineData(0x000D, "CKM_RSA_PKCS_PSS")]
    [InlineData(0x000E, "CKM_SHA1_RSA_PKCS_PSS")]
    [InlineData(0x000F, "CKM_ML_KEM_KEY_PAIR_GEN")]
    [InlineData(0x0017, "CKM_ML_KEM")]
    [InlineData(0x001C, "CKM_ML_DSA_KEY_PAIR_GEN")]
    [InlineData(0x001D, "CKM_ML_DSA")]
    [InlineData(0x001F, "CKM_HASH_ML_DSA")]
    [InlineData(0x0023, "CKM_HASH_ML_DSA_SHA224")]
    [InlineData(0x0024, "CKM_HASH_ML_DSA_SHA256")]
    [InlineData(0x0025, "CKM_HASH_ML_DSA_SHA384")]
    [InlineData(0x0026, "CKM_HASH_ML_DSA_SHA512")]
    [InlineData(0x0027, "CKM_HASH_ML_DSA_SHA3_224")]
    [InlineData(0x0028, "CKM_HASH_ML_DSA_SHA3_256")]
    [InlineData(0x0029, "CKM_HASH_ML_DSA_SHA3_384")]
    [InlineData(0x002A, "CKM_HASH_ML_DSA_SHA3_512")]
    [InlineData(0x002B, "CKM_HASH_ML_DSA_SHAKE128")]
    [InlineData(0x002C, "CKM_HASH_ML_DSA_SHAKE256")]
    [InlineData(0x0040, "CKM_SHA256_RSA_PKCS")]
    [InlineData(0x0041, "CKM_SHA384_RSA_PKCS")]
    [InlineData(0x0042, "CKM_SHA512_RSA_PKCS")]
    [InlineData(0x0043, "CKM_SHA256_RSA_PKCS_PSS")]
    [InlineData(0x0044, "CKM_SHA384_RSA_PKCS_PSS")]
    [InlineData(0x0045, "CKM_SHA512_RSA_PKCS_PSS")]
    [InlineData(0x0046, "CKM_SHA224_RSA_PKCS")]
    [InlineData(0x0047, "CKM_SHA224_RSA_PKCS_PSS")]
    [InlineData(0x0060, "CKM_SHA3_256_RSA_PKCS")]
    [InlineData(0x0061, "CKM_SHA3_384_RSA_PKCS")]
    [InlineData(0x0062, "CKM_SHA3_512_RSA_PKCS")]
    [InlineData(0x0063, "CKM_SHA3_256_RSA_PKCS_PSS")]
    [InlineData(0x0064, "CKM_SHA3_384_RSA_PKCS_PSS")]
    [InlineData(0x0065, "CKM_SHA3_512_RSA_PKCS_PSS")]
    [InlineData(0x0066, "CKM_SHA3_224_RSA_PKCS")]
    [InlineData(0x0067, "CKM_SHA3_224_RSA_PKCS_PSS")]
    [InlineData(0x0131, "CKM_DES3_KEY_GEN")]
    [InlineData(0x0132, "CKM_DES3_ECB")]
    [InlineData(0x0133, "CKM_DES3_CBC")]
    [InlineData(0x0136, "CKM_DES3_CBC_PAD")]
    [InlineData(0x0220, "CKM_SHA_1")]
    [InlineData(0x0221, "CKM_SHA_1_HMAC")]
    [InlineData(0x0222, "CKM_SHA_1_HMAC_GENERAL")]
    [InlineData(0x0250, "CKM_SHA256")]
    [InlineData(0x0251, "CKM_SHA256_HMAC")]
    [InlineData(0x0252, "CKM_SHA256_HMAC_GENERAL")]
    [InlineData(0x0255, "CKM_SHA224")]
    [InlineData(0x0256, "CKM_SHA224_HMAC")]
    [InlineData(0x0257, "CKM_SHA224_HMAC_GENERAL")]
    [InlineData(0x0260, "CKM_SHA384")]
    [InlineData(0x0261, "CKM_SHA384_HMAC")]
    [InlineData(0x0262, "CKM_SHA384_HMAC_GENERAL")]
    [InlineData(0x0270, "CKM_SHA512")]
    [InlineData(0x0271, "CKM_SHA512_HMAC")]
    [InlineData(0x0272, "CKM_SHA512_HMAC_GENERAL")]
    [InlineData(0x02B0, "CKM_SHA3_256")]
    [InlineData(0x02B1, "CKM_SHA3_256_HMAC")]
    [InlineData(0x02B2, "CKM_SHA3_256_HMAC_GENERAL")]
    [InlineData(0x02B5, "CKM_SHA3_224")]
    [InlineData(0x02B6, "CKM_SHA3_224_HMAC")]
    [InlineData(0x02B7, "CKM_SHA3_224_HMAC_GENERAL")]
    [InlineData(0x02C0, "CKM_SHA3_384")]
    [InlineData(0x02C1, "CKM_SHA3_384_HMAC")]
    [InlineData(0x02C2, "CKM_SHA3_384_HMAC_GENERAL")]
    [InlineData(0x02D0, "CKM_SHA3_512")]
    [InlineData(0x02D1, "CKM_SHA3_512_HMAC")]
    [InlineData(0x02D2, "CKM_SHA3_512_HMAC_GENERAL")]
    [InlineData(0x0350, "CKM_GENERIC_SECRET_KEY_GEN")]
    [InlineData(0x03AC, "CKM_SP800_108_COUNTER_KDF")]
    [InlineData(0x03AD, "CKM_SP800_108_FEEDBACK_KDF")]
    [InlineData(0x03B0, "CKM_PKCS5_PBKD2")]
    [InlineData(0x1040, "CKM_EC_KEY_PAIR_GEN")]
    [InlineData(0x1041, "CKM_ECDSA")]
    [InlineData(0x1042, "CKM_ECDSA_SHA1")]
    [InlineData(0x1043, "CKM_ECDSA_SHA224")]
    [InlineData(0x1044, "CKM_ECDSA_SHA256")]
    [InlineData(0x1045, "CKM_ECDSA_SHA384")]
    [InlineData(0x1046, "CKM_ECDSA_SHA512")]
    [InlineData(0x1047, "CKM_ECDSA_SHA3_224")]
    [InlineData(0x1048, "CKM_ECDSA_SHA3_256")]
    [InlineData(0x1049, "CKM_ECDSA_SHA3_384")]
    [InlineData(0x104A, "CKM_ECDSA_SHA3_512")]
    [InlineData(0x1055, "CKM_EC_EDWARDS_KEY_PAIR_GEN")]
    [InlineData(0x1056, "CKM_EC_MONTGOMERY_KEY_PAIR_GEN")]
    [InlineData(0x1057, "CKM_EDDSA")]
    [InlineData(0x1050, "CKM_ECDH1_DERIVE")]
    [InlineData(0x1051, "CKM_ECDH1_COFACTOR_DERIVE")]
    [InlineData(0x1054, "CKM_RSA_AES_KEY_WRAP")]
    [InlineData(0x1080, "CKM_AES_KEY_GEN")]
    [InlineData(0x1081, "CKM_AES_ECB")]
    [InlineData(0x1082, "CKM_AES_CBC")]
    [InlineData(0x1085, "CKM_AES_CBC_PAD")]
    [InlineData(0x1086, "CKM_AES_CTR")]
    [InlineData(0x1087, "CKM_AES_GCM")]
    [InlineData(0x1088, "CKM_AES_CCM")]
    [InlineData(0x108A, "CKM_AES_CMAC")]
    [InlineData(0x108B, "CKM_AES_CMAC_GENERAL")]
    [InlineData(0x2109, "CKM_AES_KEY_WRAP")]
    [InlineData(0x210A, "CKM_AES_KEY_WRAP_PAD")]
    [InlineData(0x210B, "CKM_AES_KEY_WRAP_KWP")]
    [InlineData(0x402A, "CKM_HKDF_DERIVE")]
    [InlineData(0x402C, "CKM_HKDF_KEY_GEN")]
    [InlineData(0x80000001, "CKM_CLOUDHSM_SP800_108_COUNTER_KDF")]
    [InlineData(0x80001087, "CKM_CLOUDHSM_AES_GCM")]
    [InlineData(0x80002109, "CKM_CLOUDHSM_AES_KEY_WRAP_NO_PAD")]
    [InlineData(0x8000210A, "CKM_CLOUDHSM_AES_KEY_WRAP_PKCS5_PAD")]
    [InlineData(0x8000216F, "CKM_CLOUDHSM_AES_KEY_WRAP_ZERO_PAD")]
    [InlineData(0xD352001D, "CKM_SR_ML_DSA_EXTERNAL_MU")]
    public void The_standard_s_number_has_the_standard_s_name(ulong number, string name) => Assert.Equal(name, MechanismCatalog.Find(number)?.Name);

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_not_announced_is_refused(string name)
    {
        var mechanism = Named(name);
        foreach (var use in Uses.Where(use => !mechanism.Supports(Mechanism.FlagOf(use))))
        {
            Assert.Equal(Rv.MechanismInvalid, mechanism.Check(use, TestKeys.Call(mechanism), TestKeys.Aes, ClusterMode.NonFips).Rv);
            Assert.Null(MechanismCatalog.Find(mechanism.Number, use));
        }

        if (!mechanism.Supports(MechanismFlags.Generate))
        {
            Assert.Equal(Rv.MechanismInvalid, mechanism.GenerateKey(TestKeys.Call(mechanism), [], ClusterMode.NonFips).Rv);
        }

        if (!mechanism.Supports(MechanismFlags.GenerateKeyPair))
        {
            Assert.Equal(Rv.MechanismInvalid, mechanism.GenerateKeyPair(TestKeys.Call(mechanism), [], ClusterMode.NonFips).Rv);
        }
    }

    [Theory]
    [MemberData(nameof(Offered))]
    public void A_parameter_of_another_shape_is_refused(string name, Use use)
    {
        var mechanism = Named(name);
        foreach (var shape in Enum.GetValues<ParameterShape>())
        {
            var optional = mechanism.Shape == ParameterShape.OptionalBytes && shape == ParameterShape.None;
            if (shape != mechanism.Shape && !optional)
            {
                Assert.Equal(Rv.MechanismParamInvalid, mechanism.Check(use, TestKeys.Call(mechanism) with { Shape = shape }, TestKeys.For(mechanism, use), ClusterMode.NonFips).Rv);
            }
        }

        if (mechanism.Shape is not (ParameterShape.None or ParameterShape.OptionalBytes or ParameterShape.Eddsa) && (mechanism.Shape != ParameterShape.SignContext || mechanism is HashMlDsa))
        {
            Assert.Equal(Rv.MechanismParamInvalid, mechanism.Check(use, new MechanismCall(mechanism.Number, mechanism.Shape), TestKeys.For(mechanism, use), ClusterMode.NonFips).Rv);
        }
    }

    [Theory]
    [MemberData(nameof(Offered))]
    public void A_key_of_another_kind_is_refused(string name, Use use)
    {
        var mechanism = Named(name);
        if (use == Use.Digest)
        {
            return;
        }

        var expected = use switch { Use.Wrap => Rv.WrappingKeyTypeInconsistent, Use.Unwrap => Rv.UnwrappingKeyTypeInconsistent, _ => Rv.KeyTypeInconsistent };
        var right = TestKeys.For(mechanism, use)!;
        foreach (var key in new KeyMaterial[] { TestKeys.Rsa.Private, TestKeys.Rsa.Public, TestKeys.P256.Private, TestKeys.P256.Public, TestKeys.MlDsa44.Private, TestKeys.MlDsa44.Public, TestKeys.MlKem768.Private, TestKeys.MlKem768.Public, TestKeys.Aes, TestKeys.Generic })
        {
            if ((key.Class, key.Type) != (right.Class, right.Type))
            {
                Assert.Equal(expected, mechanism.Check(use, TestKeys.Call(mechanism), key, ClusterMode.NonFips).Rv);
            }
        }

        Assert.Equal(Rv.KeyHandleInvalid, mechanism.Check(use, TestKeys.Call(mechanism), null, ClusterMode.NonFips).Rv);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_signed_verifies_and_nothing_else_does(string name)
    {
        var mechanism = Named(name);
        if (!mechanism.Supports(MechanismFlags.Sign))
        {
            return;
        }

        var (call, signer, verifier) = (TestKeys.Call(mechanism), TestKeys.For(mechanism, Use.Sign), TestKeys.For(mechanism, Use.Verify));
        var data = Enumerable.Range(0, mechanism is MlDsaExternalMu ? 64 : 32).Select(value => (byte)value).ToArray();
        var signature = TestKeys.Must(mechanism, Use.Sign, call, signer, data);
        Assert.Equal(mechanism.Check(Use.Sign, call, signer, ClusterMode.NonFips).Value.Fixed, signature.Length);
        Assert.Empty(TestKeys.Must(mechanism, Use.Verify, call, verifier, data, signature));
        signature[5] ^= 1;
        Assert.Equal(Rv.SignatureInvalid, TestKeys.Try(mechanism, Use.Verify, call, verifier, data, signature, out _));
        signature[5] ^= 1;
        data[5] ^= 1;
        Assert.Equal(Rv.SignatureInvalid, TestKeys.Try(mechanism, Use.Verify, call, verifier, data, signature, out _));
        Assert.Equal(Rv.SignatureLenRange, TestKeys.Try(mechanism, Use.Verify, call, verifier, data, [.. signature, 0], out _));
        Assert.Equal(Rv.SignatureLenRange, TestKeys.Try(mechanism, Use.Verify, call, verifier, data, [], out _));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_encrypted_comes_back_and_its_length_was_foretold(string name)
    {
        var mechanism = Named(name);
        if (!mechanism.Supports(MechanismFlags.Encrypt))
        {
            return;
        }

        var (key, opener) = (TestKeys.For(mechanism, Use.Encrypt), TestKeys.For(mechanism, Use.Decrypt));
        foreach (var length in new[] { 0, 1, 15, 16, 17, 24, 32, 100, 4096 })
        {
            var call = TestKeys.Call(mechanism, length);
            var data = Enumerable.Range(0, length).Select(value => (byte)value).ToArray();
            var rv = TestKeys.Try(mechanism, Use.Encrypt, call, key, data, null, out var ciphertext);
            if (rv != Rv.Ok)
            {
                Assert.Equal(Rv.DataLenRange, rv);
                continue;
            }

            var bound = mechanism.Check(Use.Encrypt, call, key, ClusterMode.NonFips).Value;
            Assert.Equal(bound.Fixed > 0 ? bound.Fixed : (length + bound.Add + bound.Block - 1) / bound.Block * bound.Block, ciphertext.Length);
            var plain = mechanism.Check(Use.Decrypt, call, opener, ClusterMode.NonFips).Value;
            Assert.True((ciphertext.Length + plain.Add + plain.Block - 1) / plain.Block * plain.Block >= length);
            byte[] padded = mechanism is RsaX509 ? [.. new byte[ciphertext.Length - length], .. data] : data;
            Assert.Equal(padded, TestKeys.Must(mechanism, Use.Decrypt, call, opener, ciphertext));
        }
    }

    [Theory]
    [MemberData(nameof(Offered))]
    public void Parts_give_what_the_whole_gives(string name, Use use)
    {
        var mechanism = Named(name);
        if (!Mechanism.WorksOnData(use))
        {
            return;
        }

        var (call, key) = (TestKeys.Call(mechanism, 1600), TestKeys.For(mechanism, use));
        var data = Enumerable.Range(0, 1600).Select(value => (byte)value).ToArray();
        if (!mechanism.Multipart)
        {
            Assert.Equal(Rv.FunctionNotSupported, mechanism.Begin(use, call, key, ClusterMode.NonFips).Rv);
            return;
        }

        var signature = use == Use.Verify ? TestKeys.Must(mechanism, Use.Sign, call, TestKeys.For(mechanism, Use.Sign), data) : [];
        var input = use == Use.Decrypt ? TestKeys.Must(mechanism, Use.Encrypt, call, TestKeys.For(mechanism, Use.Encrypt), data) : data;
        using var operation = mechanism.Begin(use, call, key, ClusterMode.NonFips).Value;
        var output = new ArrayBufferWriter<byte>();
        var lengths = new[] { 1, 0, 15, 16, 17, 500, int.MaxValue };
        var at = 0;
        foreach (var length in lengths)
        {
            var part = input.AsSpan(at, Math.Min(length, input.Length - at));
            Assert.Equal(Outcome.Ok, operation.Update(part, output));
            at += part.Length;
        }

        Assert.Equal(Outcome.Ok, operation.Finish(signature, output));
        if (use == Use.Sign && TestKeys.For(mechanism, use) is not SecretKey)
        {
            TestKeys.Must(mechanism, Use.Verify, call, TestKeys.For(mechanism, Use.Verify), data, output.WrittenSpan.ToArray());   // PSS and ECDSA draw anew
        }
        else if (use == Use.Encrypt && mechanism is CloudHsmAesGcm)
        {
            Assert.Equal(data, TestKeys.Must(mechanism, Use.Decrypt, call, key, output.WrittenSpan.ToArray()));   // each draws its own IV
        }
        else
        {
            Assert.Equal(TestKeys.Must(mechanism, use, call, key, input, signature), output.WrittenSpan.ToArray());
        }
    }

    // Their results are keys: as bytes they would leave the HSM in the clear.
    [Theory]
    [MemberData(nameof(Offered))]
    public void What_moves_keys_is_no_operation_on_data(string name, Use use)
    {
        var mechanism = Named(name);
        if (use is Use.Wrap or Use.Unwrap or Use.Derive or Use.Encapsulate or Use.Decapsulate)
        {
            var (call, key) = (TestKeys.Call(mechanism), TestKeys.For(mechanism, use));
            Assert.Equal(Rv.Ok, mechanism.Check(use, call, key, ClusterMode.NonFips).Rv);
            var wrapped = use == Use.Unwrap ? mechanism.Wrap(call, TestKeys.For(mechanism, Use.Wrap)!, TestKeys.Generic, ClusterMode.NonFips).Value.Bytes.ToArray() : new byte[32];
            Assert.Equal(Rv.MechanismInvalid, TestKeys.Try(mechanism, use, call, key, wrapped, null, out _));
            Assert.Equal(Rv.MechanismInvalid, mechanism.Begin(use, call, key, ClusterMode.NonFips).Rv);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_wrapped_unwraps_and_nothing_else_does(string name)
    {
        var mechanism = Named(name);
        if (!mechanism.Supports(MechanismFlags.Wrap))
        {
            return;
        }

        var (call, under, with) = (TestKeys.Call(mechanism), TestKeys.For(mechanism, Use.Wrap)!, TestKeys.For(mechanism, Use.Unwrap)!);
        var wrapped = mechanism.Wrap(call, under, TestKeys.Generic, ClusterMode.NonFips).Value.Bytes.ToArray();
        using var back = mechanism.Unwrap(call, with, wrapped, new KeyTarget(ObjectClass.SecretKey, KeyType.GenericSecret), ClusterMode.NonFips).Value;
        using var expected = TestKeys.Generic.Encode();
        using var actual = back.Encode();
        Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());

        Assert.Equal(Rv.WrappedKeyInvalid, mechanism.Unwrap(call, with, wrapped.AsSpan(1), new KeyTarget(ObjectClass.SecretKey, KeyType.GenericSecret), ClusterMode.NonFips).Rv);
        Assert.Equal(Rv.WrappedKeyInvalid, mechanism.Unwrap(call, with, default, new KeyTarget(ObjectClass.SecretKey, KeyType.GenericSecret), ClusterMode.NonFips).Rv);
        Assert.Equal(Rv.WrappedKeyInvalid, mechanism.Unwrap(call, with, wrapped, new KeyTarget(ObjectClass.PrivateKey, KeyType.Rsa), ClusterMode.NonFips).Rv);
        Assert.Equal(Rv.KeyNotWrappable, mechanism.Wrap(call, under, TestKeys.Rsa.Public, ClusterMode.NonFips).Rv);
    }

    private static Mechanism Named(string name) => MechanismCatalog.All.Single(mechanism => mechanism.Name == name);

    [GeneratedRegex("^CKM_[A-Z0-9_]+$")]
    private static partial Regex NameForm();
}
