using System.Buffers;
using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Tests.Mechanisms;

namespace Strongroom.Hsm.Tests.Keys;

public sealed class KeyMaterialTests
{
    public static TheoryData<string> Kinds => ["rsa private", "rsa public", "p256 private", "p256 public", "p384 private", "p384 public", "ml-dsa private", "ml-dsa public", "ml-kem private", "ml-kem public", "aes", "generic"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_comes_back_from_its_stored_form(string kind)
    {
        var key = Key(kind);
        using var encoded = key.Encode();
        using var opened = KeyEncoding.Open(encoded.Span);
        using var again = opened.Encode();
        Assert.Equal(encoded.Span.ToArray(), again.Span.ToArray());
        Assert.Equal((key.Class, key.Type, key.Bits), (opened.Class, opened.Type, opened.Bits));
        Assert.Equal(key.CheckValue(), opened.CheckValue());
        Assert.Equal(
            key.PublicAttributes().Select(attribute => (attribute.Type, Convert.ToHexString(attribute.Value.Span))),
            opened.PublicAttributes().Select(attribute => (attribute.Type, Convert.ToHexString(attribute.Value.Span))));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_stored_form_cut_short_or_made_longer_is_refused(string kind)
    {
        using var encoded = Key(kind).Encode();
        var bytes = encoded.Span.ToArray();
        for (var length = 0; length < bytes.Length; length += length < 40 ? 1 : 37)
        {
            Assert.ThrowsAny<CryptoException>(() => KeyEncoding.Open(bytes.AsSpan(0, length)));
        }

        Assert.ThrowsAny<CryptoException>(() => KeyEncoding.Open([.. bytes, 0]));
        foreach (var (index, value) in new[] { (0, 2), (1, 0), (5, 0), (5, 9), (5, 255) })
        {
            var broken = (byte[])bytes.Clone();
            broken[index] = (byte)value;
            Assert.ThrowsAny<CryptoException>(() => KeyEncoding.Open(broken));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_comes_back_from_its_attributes(string kind)
    {
        var key = Key(kind);
        using var imported = KeyImport.FromTemplate(key.Class, key.Type, Attributes(key), key is PostQuantumKey ? ClusterMode.NonFips : ClusterMode.Fips).Value;
        using var expected = key.Encode();
        using var actual = imported.Encode();
        Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
    }

    [Theory]
    [InlineData("rsa private", AttributeType.PrivateExponent)]
    [InlineData("rsa private", AttributeType.Prime2)]
    [InlineData("rsa private", AttributeType.Coefficient)]
    [InlineData("rsa public", AttributeType.PublicExponent)]
    [InlineData("p256 private", AttributeType.Value)]
    [InlineData("p256 private", AttributeType.EcParams)]
    [InlineData("p256 public", AttributeType.EcPoint)]
    [InlineData("ml-dsa public", AttributeType.ParameterSet)]
    [InlineData("ml-kem public", AttributeType.Value)]
    [InlineData("aes", AttributeType.Value)]
    public void A_missing_component_is_named(string kind, AttributeType missing)
    {
        var key = Key(kind);
        var outcome = KeyImport.FromTemplate(key.Class, key.Type, [.. Attributes(key).Where(attribute => attribute.Type != missing)]);
        Assert.Equal((Rv.TemplateIncomplete, missing), (outcome.Rv, outcome.Cause!.Attribute));
    }

    [Theory]
    [InlineData("rsa private", AttributeType.Modulus)]
    [InlineData("rsa private", AttributeType.PrivateExponent)]
    [InlineData("rsa private", AttributeType.Prime1)]
    [InlineData("rsa private", AttributeType.Exponent2)]
    [InlineData("rsa private", AttributeType.Coefficient)]
    [InlineData("p256 private", AttributeType.EcPoint)]
    [InlineData("p256 public", AttributeType.EcPoint)]
    [InlineData("ml-dsa private", AttributeType.Seed)]
    [InlineData("ml-dsa private", AttributeType.Value)]
    [InlineData("ml-kem private", AttributeType.Seed)]
    [InlineData("ml-kem private", AttributeType.Value)]
    public void Components_that_do_not_belong_together_are_refused(string kind, AttributeType changed)
    {
        var key = Key(kind);
        var attributes = Attributes(key);
        for (var index = 0; index < attributes.Length; index++)
        {
            if (attributes[index].Type == changed)
            {
                var value = attributes[index].Value.ToArray();
                value[^2] ^= 2;
                attributes[index] = new RawAttribute(changed, value);
            }
        }

        Assert.Equal(Rv.AttributeValueInvalid, KeyImport.FromTemplate(key.Class, key.Type, attributes).Rv);
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0 }, ClusterMode.NonFips, Rv.AttributeValueInvalid)]   // even
    [InlineData(new byte[] { 1 }, ClusterMode.NonFips, Rv.AttributeValueInvalid)]
    [InlineData(new byte[] { 0 }, ClusterMode.NonFips, Rv.AttributeValueInvalid)]
    [InlineData(new byte[] { }, ClusterMode.NonFips, Rv.AttributeValueInvalid)]
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 1 }, ClusterMode.NonFips, Rv.AttributeValueInvalid)]
    [InlineData(new byte[] { 3 }, ClusterMode.Fips, Rv.AttributeValueInvalid)]
    [InlineData(new byte[] { 3 }, ClusterMode.NonFips, Rv.Ok)]
    public void Weak_exponents_are_refused(byte[] exponent, ClusterMode mode, Rv expected)
    {
        var modulus = Attributes(TestKeys.Rsa.Public).Single(attribute => attribute.Type == AttributeType.Modulus);
        Assert.Equal(expected, KeyImport.FromTemplate(ObjectClass.PublicKey, KeyType.Rsa, [modulus, new(AttributeType.PublicExponent, exponent)], mode).Rv);
    }

    [Fact]
    public void A_scalar_of_zero_or_of_the_order_is_no_private_key()
    {
        // The order of P-256, FIPS 186-4 D.1.2.3.
        var order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        foreach (var scalar in new[] { order, new byte[32], [], [1, .. new byte[32]] })
        {
            var outcome = KeyImport.FromTemplate(ObjectClass.PrivateKey, KeyType.Ec, [new(AttributeType.EcParams, EcCurve.P256.Oid), new(AttributeType.Value, scalar)]);
            Assert.Equal(Rv.AttributeValueInvalid, outcome.Rv);
        }

        order[31] -= 1;
        using var largest = KeyImport.FromTemplate(ObjectClass.PrivateKey, KeyType.Ec, [new(AttributeType.EcParams, EcCurve.P256.Oid), new(AttributeType.Value, order)]).Value;
        Assert.Equal(256, largest.Bits);
    }

    [Fact]
    public void A_curve_that_this_hsm_does_not_have_is_refused_by_the_curve_s_code()
    {
        var brainpool = Convert.FromHexString("06092B2403030208010107");
        Assert.Equal(Rv.CurveNotSupported, KeyImport.FromTemplate(ObjectClass.PublicKey, KeyType.Ec, [new(AttributeType.EcParams, brainpool)]).Rv);
        var generation = MechanismCatalog.Find(0x1040)!;
        Assert.Equal(Rv.CurveNotSupported, generation.GenerateKeyPair(new MechanismCall(0x1040), [new(AttributeType.EcParams, brainpool)], ClusterMode.NonFips).Rv);
    }

    [Theory]
    [InlineData("rsa private", KeyType.Rsa)]
    [InlineData("p384 private", KeyType.Ec)]
    [InlineData("ml-dsa private", KeyType.MlDsa)]
    [InlineData("ml-kem private", KeyType.MlKem)]
    public void A_private_key_leaves_and_comes_back_as_pkcs8(string kind, KeyType type)
    {
        var key = Key(kind);
        using var encoded = key.EncodeForWrapping().Value;
        using var back = KeyImport.FromUnwrapped(ObjectClass.PrivateKey, type, encoded.Span, ClusterMode.NonFips).Value;
        using var expected = key.Encode();
        using var actual = back.Encode();
        Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
        Assert.Equal(Rv.WrappedKeyInvalid, KeyImport.FromUnwrapped(ObjectClass.PrivateKey, type == KeyType.Rsa ? KeyType.Ec : KeyType.Rsa, encoded.Span, ClusterMode.NonFips).Rv);
        Assert.Equal(Rv.WrappedKeyInvalid, KeyImport.FromUnwrapped(ObjectClass.SecretKey, KeyType.Aes, encoded.Span, ClusterMode.NonFips).Rv);

        using var stranger = RSA.Create(1024);
        Assert.Equal(Rv.WrappedKeyInvalid, KeyImport.FromUnwrapped(ObjectClass.PrivateKey, KeyType.Rsa, stranger.ExportPkcs8PrivateKey(), ClusterMode.NonFips).Rv);
    }

    // What FIPS mode does not approve does not come in, by a template or unwrapped.
    [Fact]
    public void Keys_that_are_not_approved_do_not_come_in_in_fips_mode()
    {
        using var koblitz = TestKeys.Pair(0x1040, new RawAttribute(AttributeType.EcParams, EcCurve.Secp256k1.Oid)).Private;
        foreach (var key in new[] { koblitz, TestKeys.X25519.Private, TestKeys.MlDsa44.Private, TestKeys.MlKem768.Private })
        {
            var expected = key is PostQuantumKey ? Rv.AttributeValueInvalid : Rv.CurveNotSupported;
            Assert.Equal(expected, KeyImport.FromTemplate(key.Class, key.Type, Attributes(key), ClusterMode.Fips).Rv);
            using var wrapped = key.EncodeForWrapping().Value;
            Assert.Equal(Rv.WrappedKeyInvalid, KeyImport.FromUnwrapped(ObjectClass.PrivateKey, key.Type, wrapped.Span, ClusterMode.Fips).Rv);
            KeyImport.FromUnwrapped(ObjectClass.PrivateKey, key.Type, wrapped.Span, ClusterMode.NonFips).Value.Dispose();
        }
    }

    // RFC 9881 6: a private key that came without its seed travels as its expanded form, and one with both must have them agree.
    [Theory]
    [InlineData("ml-dsa private")]
    [InlineData("ml-kem private")]
    public void A_private_key_without_its_seed_is_the_same_key(string kind)
    {
        var key = (PostQuantumKey)Key(kind);
        using var expanded = (PostQuantumKey)KeyImport.FromTemplate(key.Class, key.Type, [.. Attributes(key).Where(attribute => attribute.Type != AttributeType.Seed)]).Value;
        Assert.Equal(key.PublicKey, expanded.PublicKey);
        Assert.Equal(Rv.AttributeTypeInvalid, expanded.Read(AttributeType.Seed, new ArrayBufferWriter<byte>()).Rv);
        using var wrapped = expanded.EncodeForWrapping().Value;
        using var back = KeyImport.FromUnwrapped(ObjectClass.PrivateKey, key.Type, wrapped.Span, ClusterMode.NonFips).Value;
        using var expected = expanded.Encode();
        using var actual = back.Encode();
        Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
        wrapped.Span[^100] ^= 1;
        Assert.Equal(Rv.WrappedKeyInvalid, KeyImport.FromUnwrapped(ObjectClass.PrivateKey, key.Type == KeyType.MlDsa ? KeyType.MlKem : KeyType.MlDsa, wrapped.Span, ClusterMode.NonFips).Rv);
        for (var length = 0; length < wrapped.Length; length += length < 40 ? 1 : 331)
        {
            Assert.Equal(Rv.WrappedKeyInvalid, KeyImport.FromUnwrapped(ObjectClass.PrivateKey, key.Type, wrapped.Span[..length], ClusterMode.NonFips).Rv);
        }
    }

    [Fact]
    public void The_check_value_of_an_aes_key_is_the_standard_s()
    {
        // FIPS 197 C.3's key over a block of zeros: AES-256(000102…1F, 0).
        using var reader = Aes.Create();
        reader.Key = Enumerable.Range(0, 32).Select(value => (byte)value).ToArray();
        Assert.Equal(reader.EncryptEcb(new byte[16], PaddingMode.None).AsSpan(0, 3).ToArray(), TestKeys.Aes.CheckValue());
        Assert.Null(TestKeys.Generic.CheckValue());
        Assert.Equal(TestKeys.P256.Public.CheckValue(), TestKeys.P256.Private.CheckValue());
    }

    [Fact]
    public void A_key_lives_until_its_last_reference_is_given_back()
    {
        var key = TestKeys.Secret(KeyType.Aes, new byte[16]);
        Assert.True(key.TryRetain());
        key.Dispose();
        Assert.Equal(16, key.Value.Length);
        key.Release();
        Assert.False(key.TryRetain());
        Assert.Throws<ObjectDisposedException>(() => key.Value.Length);
    }

    private static KeyMaterial Key(string kind) => kind switch
    {
        "rsa private" => TestKeys.Rsa.Private,
        "rsa public" => TestKeys.Rsa.Public,
        "p256 private" => TestKeys.P256.Private,
        "p256 public" => TestKeys.P256.Public,
        "p384 private" => TestKeys.P384.Private,
        "p384 public" => TestKeys.P384.Public,
        "ml-dsa private" => TestKeys.MlDsa44.Private,
        "ml-dsa public" => TestKeys.MlDsa44.Public,
        "ml-kem private" => TestKeys.MlKem768.Private,
        "ml-kem public" => TestKeys.MlKem768.Public,
        "aes" => TestKeys.Aes,
        _ => TestKeys.Generic,
    };

    // Everything that a C_CreateObject of this key would bring along.
    private static RawAttribute[] Attributes(KeyMaterial key)
    {
        var attributes = key.PublicAttributes().ToList();
        foreach (var type in Enum.GetValues<AttributeType>().Where(type => attributes.TrueForAll(attribute => attribute.Type != type)))
        {
            var output = new ArrayBufferWriter<byte>();
            if (key.Read(type, output).IsOk)
            {
                attributes.Add(new RawAttribute(type, output.WrittenMemory));
            }
        }

        return [.. attributes];
    }
}
