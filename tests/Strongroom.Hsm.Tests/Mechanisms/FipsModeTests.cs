using System.Buffers;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Tests.Mechanisms;

public sealed class FipsModeTests
{
    private static readonly Mechanism Gcm = MechanismCatalog.Find(0x1087)!;

    // Written by hand from SP 800-131A, SP 800-38F 3.1 and FIPS 186-5; everything else of the catalogue is approved.
    [Theory]
    [InlineData(0x0006, Use.Sign)]
    [InlineData(0x000E, Use.Sign)]
    [InlineData(0x1042, Use.Sign)]
    [InlineData(0x1085, Use.Wrap)]
    [InlineData(0x0001, Use.Encrypt)]
    [InlineData(0x0001, Use.Decrypt)]
    [InlineData(0x0001, Use.Wrap)]
    [InlineData(0x0001, Use.Unwrap)]
    [InlineData(0x0132, Use.Encrypt)]
    [InlineData(0x0133, Use.Encrypt)]
    [InlineData(0x0136, Use.Encrypt)]
    [InlineData(0x001D, Use.Sign)]
    [InlineData(0x001D, Use.Verify)]
    [InlineData(0x0024, Use.Verify)]
    [InlineData(0x0017, Use.Encapsulate)]
    [InlineData(0x0017, Use.Decapsulate)]
    public void What_is_not_approved_is_refused_as_if_it_did_not_exist(ulong number, Use use)
    {
        var mechanism = MechanismCatalog.Find(number)!;
        Assert.Equal(Rv.MechanismInvalid, mechanism.Check(use, TestKeys.Call(mechanism), TestKeys.For(mechanism, use), ClusterMode.Fips).Rv);
        Assert.Equal(Rv.Ok, mechanism.Check(use, TestKeys.Call(mechanism), TestKeys.For(mechanism, use), ClusterMode.NonFips).Rv);
    }

    [Fact]
    public void Nothing_else_is_refused()
    {
        var refused = from mechanism in MechanismCatalog.All
                      from use in Enum.GetValues<Use>()
                      where mechanism.Supports(Mechanism.FlagOf(use)) && !mechanism.IsApproved(use)
                      select (mechanism.Number, use);
        Assert.Equal(
            [(0x1UL, Use.Encrypt), (0x1UL, Use.Decrypt), (0x1UL, Use.Wrap), (0x1UL, Use.Unwrap), (0x6UL, Use.Sign), (0xEUL, Use.Sign), (0x132UL, Use.Encrypt), (0x133UL, Use.Encrypt), (0x136UL, Use.Encrypt), (0x1042UL, Use.Sign), (0x1085UL, Use.Wrap)], refused.Where(one => one.Number is not (0x17 or >= 0x1D and <= 0x2C or 0xD352001D)).Order());
        Assert.Equal([.. (ulong[])[0x1D, 0x1F, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0xD352001D]], refused.Where(one => one.use == Use.Sign && one.Number is >= 0x1D and <= 0x2C or 0xD352001D).Select(one => one.Number).Order());
    }

    [Theory]
    [InlineData(0x1043)]
    [InlineData(0x1044)]
    public void A_hash_weaker_than_the_curve_does_not_sign(ulong number)
    {
        var mechanism = MechanismCatalog.Find(number)!;
        Assert.Equal(Rv.MechanismInvalid, mechanism.Check(Use.Sign, new MechanismCall(number), TestKeys.P384.Private, ClusterMode.Fips).Rv);
        Assert.Equal(Rv.Ok, mechanism.Check(Use.Verify, new MechanismCall(number), TestKeys.P384.Public, ClusterMode.Fips).Rv);
        Assert.Equal(number == 0x1044 ? Rv.Ok : Rv.MechanismInvalid, mechanism.Check(Use.Sign, new MechanismCall(number), TestKeys.P256.Private, ClusterMode.Fips).Rv);
    }

    [Theory]
    [InlineData(32UL, Rv.Ok)]
    [InlineData(33UL, Rv.MechanismParamInvalid)]
    public void A_pss_salt_is_no_longer_than_the_hash(ulong salt, Rv expected)
    {
        var mechanism = MechanismCatalog.Find(0x43)!;
        var call = TestKeys.Call(mechanism) with { Bits = salt };
        Assert.Equal(expected, mechanism.Check(Use.Sign, call, TestKeys.Rsa.Private, ClusterMode.Fips).Rv);
        Assert.Equal(Rv.Ok, mechanism.Check(Use.Sign, call, TestKeys.Rsa.Private, ClusterMode.NonFips).Rv);
    }

    [Theory]
    [InlineData(222UL, Rv.Ok)]
    [InlineData(223UL, Rv.MechanismParamInvalid)]
    [InlineData(ulong.MaxValue, Rv.MechanismParamInvalid)]
    public void A_pss_salt_fits_into_the_modulus(ulong salt, Rv expected)
    {
        var mechanism = MechanismCatalog.Find(0x43)!;
        var call = TestKeys.Call(mechanism) with { Bits = salt };
        Assert.Equal(expected, TestKeys.Try(mechanism, Use.Sign, call, TestKeys.Rsa.Private, [1], null, out var signature));
        Assert.Equal(expected, signature.Length == 0 ? Rv.MechanismParamInvalid : TestKeys.Try(mechanism, Use.Verify, call, TestKeys.Rsa.Public, [1], signature, out _));
    }

    [Fact]
    public void The_hsm_draws_the_iv_of_gcm_and_gives_it_back()
    {
        var output = new ArrayBufferWriter<byte>();
        var call = new MechanismCall(Gcm.Number, ParameterShape.Gcm, Iv: new byte[12], Bits: 96);
        var first = Gcm.Perform(Use.Encrypt, call, TestKeys.Aes, ClusterMode.Fips, "secret"u8, default, output).Value.Bytes!.Value.ToArray();
        var second = Gcm.Perform(Use.Encrypt, call, TestKeys.Aes, ClusterMode.Fips, "secret"u8, default, new ArrayBufferWriter<byte>()).Value.Bytes!.Value.ToArray();
        Assert.Equal(12, first.Length);
        Assert.NotEqual(first, second);
        Assert.Equal("secret"u8.ToArray(), TestKeys.Must(Gcm, Use.Decrypt, call with { Iv = first }, TestKeys.Aes, output.WrittenSpan.ToArray()));

        using var operation = Gcm.Begin(Use.Encrypt, call, TestKeys.Aes, ClusterMode.Fips).Value;
        var parts = new ArrayBufferWriter<byte>();
        Assert.True(operation.Update("sec"u8, parts).IsOk && operation.Update("ret"u8, parts).IsOk && operation.Finish(default, parts).IsOk);
        Assert.Equal("secret"u8.ToArray(), TestKeys.Must(Gcm, Use.Decrypt, call with { Iv = operation.DrawnIv.Bytes }, TestKeys.Aes, parts.WrittenSpan.ToArray()));
    }

    [Theory]
    [InlineData("000000000000000000000001")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("0000000000000000000000")]
    [InlineData("")]
    public void An_iv_of_the_caller_s_is_refused_and_never_replaced_silently(string iv)
    {
        var call = new MechanismCall(Gcm.Number, ParameterShape.Gcm, Iv: Convert.FromHexString(iv), Bits: 128);
        Assert.Equal(Rv.MechanismParamInvalid, Gcm.Check(Use.Encrypt, call, TestKeys.Aes, ClusterMode.Fips).Rv);
        Assert.Equal(Rv.MechanismParamInvalid, Gcm.Check(Use.Wrap, call, TestKeys.Aes, ClusterMode.Fips).Rv);
        Assert.Equal(iv.Length > 0 ? Rv.Ok : Rv.MechanismParamInvalid, Gcm.Check(Use.Decrypt, call, TestKeys.Aes, ClusterMode.Fips).Rv);
        Assert.Equal(iv.Length > 0 ? Rv.Ok : Rv.MechanismParamInvalid, Gcm.Check(Use.Encrypt, call, TestKeys.Aes, ClusterMode.NonFips).Rv);
    }

    // SP 800-38D 8.2.2: at least 96 random bits. Generators: CKG_NO_GENERATE 0, CKG_GENERATE 1, CKG_GENERATE_COUNTER 2, CKG_GENERATE_RANDOM 3, CKG_GENERATE_COUNTER_XOR 4.
    [Theory]
    [InlineData(0UL, 12, 0UL, Rv.MechanismParamInvalid, Rv.Ok)]
    [InlineData(1UL, 12, 0UL, Rv.Ok, Rv.Ok)]
    [InlineData(3UL, 12, 0UL, Rv.Ok, Rv.Ok)]
    [InlineData(3UL, 16, 32UL, Rv.Ok, Rv.Ok)]
    [InlineData(3UL, 12, 1UL, Rv.MechanismParamInvalid, Rv.Ok)]
    [InlineData(3UL, 12, 32UL, Rv.MechanismParamInvalid, Rv.Ok)]
    [InlineData(3UL, 12, 33UL, Rv.MechanismParamInvalid, Rv.MechanismParamInvalid)]
    [InlineData(3UL, 12, ulong.MaxValue, Rv.MechanismParamInvalid, Rv.MechanismParamInvalid)]
    [InlineData(3UL, 65, 0UL, Rv.MechanismParamInvalid, Rv.MechanismParamInvalid)]
    [InlineData(2UL, 12, 0UL, Rv.MechanismParamInvalid, Rv.MechanismParamInvalid)]
    [InlineData(4UL, 12, 0UL, Rv.MechanismParamInvalid, Rv.MechanismParamInvalid)]
    [InlineData(5UL, 12, 0UL, Rv.MechanismParamInvalid, Rv.MechanismParamInvalid)]
    public void The_iv_of_a_message_is_drawn_here_or_refused(ulong generator, int size, ulong fixedBits, Rv fips, Rv otherwise)
    {
        var call = new MechanismCall(Gcm.Number, ParameterShape.Gcm, Iv: new byte[size], Bits: 128, Hash: generator, Mgf: fixedBits);
        Assert.Equal(fips, Gcm.Check(Use.Encrypt, call, TestKeys.Aes, ClusterMode.Fips).Rv);
        Assert.Equal(otherwise, Gcm.Check(Use.Encrypt, call, TestKeys.Aes, ClusterMode.NonFips).Rv);
        Assert.Equal(Rv.Ok, Gcm.Check(Use.Decrypt, call, TestKeys.Aes, ClusterMode.Fips).Rv);
    }

    [Theory]
    [InlineData(64UL)]
    [InlineData(97UL)]
    [InlineData(136UL)]
    [InlineData(0UL)]
    public void Short_and_odd_tags_are_refused(ulong bits) => Assert.Equal(
        Rv.MechanismParamInvalid,
        Gcm.Check(Use.Decrypt, new MechanismCall(Gcm.Number, ParameterShape.Gcm, Iv: new byte[12], Bits: bits), TestKeys.Aes, ClusterMode.NonFips).Rv);

    [Theory]
    [InlineData(ClusterMode.Fips, 13, Rv.KeySizeRange)]
    [InlineData(ClusterMode.Fips, 14, Rv.Ok)]
    [InlineData(ClusterMode.NonFips, 1, Rv.Ok)]
    [InlineData(ClusterMode.NonFips, 800, Rv.Ok)]
    [InlineData(ClusterMode.NonFips, 801, Rv.KeySizeRange)]
    [InlineData(ClusterMode.NonFips, 0, Rv.KeySizeRange)]
    public void Short_secrets_are_neither_generated_nor_used(ClusterMode mode, int length, Rv expected)
    {
        var template = new[] { new RawAttribute(AttributeType.ValueLen, BitConverter.GetBytes((ulong)length)) };
        var generated = MechanismCatalog.Find(0x350)!.GenerateKey(new MechanismCall(0x350), template, mode);
        Assert.Equal(expected, generated.Rv);
        if (length is > 0 and <= SecretKey.MaxLength)
        {
            using var key = TestKeys.Secret(KeyType.GenericSecret, new byte[length]);
            Assert.Equal(expected, MechanismCatalog.Find(0x251)!.Check(Use.Sign, new MechanismCall(0x251), key, mode).Rv);
        }
    }

    [Theory]
    [InlineData(2048UL, Rv.Ok)]
    [InlineData(2304UL, Rv.Ok)]
    [InlineData(1024UL, Rv.KeySizeRange)]
    [InlineData(2047UL, Rv.KeySizeRange)]
    [InlineData(4352UL, Rv.KeySizeRange)]
    [InlineData(ulong.MaxValue, Rv.AttributeValueInvalid)]
    public void Rsa_keys_have_cloudhsm_s_sizes(ulong bits, Rv expected)
    {
        var outcome = MechanismCatalog.Find(0)!.GenerateKeyPair(new MechanismCall(0), [new(AttributeType.ModulusBits, BitConverter.GetBytes(bits))], ClusterMode.Fips);
        Assert.Equal(expected, outcome.Rv);
        if (outcome.IsOk)
        {
            Assert.Equal((int)bits, outcome.Value.Private.Bits);
            Assert.Equal((int)bits, outcome.Value.Public.Bits);
            outcome.Value.Private.Dispose();
            outcome.Value.Public.Dispose();
        }
    }
}
