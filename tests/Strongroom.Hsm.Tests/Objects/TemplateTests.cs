using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Objects;

public sealed class TemplateTests
{
    [Fact]
    public void The_edge_takes_only_known_attributes_of_the_right_length_once()
    {
        Assert.Equal(Rv.AttributeTypeInvalid, Decode(((AttributeType)0x80001234).Is(true)));
        Assert.Equal(Rv.AttributeValueInvalid, Decode(AttributeType.Token.Is(Templates.Empty)));
        Assert.Equal(Rv.AttributeValueInvalid, Decode(AttributeType.Token.Is([1, 0])));
        Assert.Equal(Rv.AttributeValueInvalid, Decode(AttributeType.Token.Is([2])));
        Assert.Equal(Rv.AttributeValueInvalid, Decode(AttributeType.ValueLen.Is([32, 0, 0, 0])));
        Assert.Equal(Rv.AttributeValueInvalid, Decode(AttributeType.StartDate.Is("2030-1-1")));
        Assert.Equal(Rv.Ok, Decode(AttributeType.StartDate.Is("20300101"), AttributeType.EndDate.Is(Templates.Empty)));
        Assert.Equal(Rv.AttributeValueInvalid, Decode(AttributeType.AllowedMechanisms.Is(new byte[12])));
        Assert.Equal(Rv.AttributeValueInvalid, Decode(AttributeType.AllowedMechanisms.Is(new byte[65 * 8])));
        Assert.Equal(Rv.AttributeValueInvalid, Decode(AttributeType.Label.Is(new byte[1025])));
        Assert.Equal(Rv.AttributeValueInvalid, Decode(AttributeType.WrapTemplate.Is([1, 2])));
        Assert.Equal(Rv.AttributeValueInvalid, Decode(AttributeType.Label.Is(AttributeType.Token.Is(true))));
        Assert.Equal(Rv.AttributeValueInvalid, Decode(AttributeType.WrapTemplate.Is(AttributeType.UnwrapTemplate.Is(AttributeType.Token.Is(true)))));
        Assert.Equal(Rv.Ok, Decode(AttributeType.WrapTemplate.Is(AttributeType.Token.Is(true))));
        Assert.Equal(Rv.TemplateInconsistent, Decode(AttributeType.Label.Is("a"), AttributeType.Label.Is("a")));
        Assert.Equal(Rv.TemplateInconsistent, Decode([.. Enumerable.Repeat(AttributeType.Label.Is("a"), 129)]));

        static Rv Decode(params RawAttribute[] raw) => Template.Decode(raw).Rv;
    }

    [Fact]
    public async Task A_generated_secret_key_has_the_defaults_of_the_reference()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        ObjectHandle key = await hsm.AesAsync(alice);
        AttributeType[] set =
        [
            AttributeType.Private, AttributeType.Sensitive, AttributeType.Extractable, AttributeType.Modifiable, AttributeType.Copyable, AttributeType.Destroyable, AttributeType.Local,
            AttributeType.AlwaysSensitive, AttributeType.Sign, AttributeType.Verify,
        ];
        AttributeType[] clear =
        [
            AttributeType.Token, AttributeType.NeverExtractable, AttributeType.Encrypt, AttributeType.Decrypt, AttributeType.Wrap, AttributeType.Unwrap, AttributeType.Derive,
            AttributeType.Trusted, AttributeType.WrapWithTrusted,
        ];
        Assert.All(set, type => Assert.True(hsm.IsSet(alice, key, type), type.ToString()));
        Assert.All(clear, type => Assert.False(hsm.IsSet(alice, key, type), type.ToString()));
        Assert.Equal((ulong)ObjectClass.SecretKey, hsm.Number(alice, key, AttributeType.Class));
        Assert.Equal((ulong)KeyType.Aes, hsm.Number(alice, key, AttributeType.KeyType));
        Assert.Equal(32UL, hsm.Number(alice, key, AttributeType.ValueLen));
        Assert.Equal(0x1080UL, hsm.Number(alice, key, AttributeType.KeyGenMechanism));
        Assert.Equal(3, hsm.Read(alice, key, AttributeType.CheckValue).Value.Length);
        Assert.Equal(16, hsm.Read(alice, key, AttributeType.UniqueId).Value.Length);
        Assert.Empty(hsm.Read(alice, key, AttributeType.Label).Value);
        Assert.Equal(Rv.AttributeSensitive, hsm.Read(alice, key, AttributeType.Value).Rv);
        Assert.Equal(Rv.AttributeTypeInvalid, hsm.Read(alice, key, AttributeType.Modulus).Rv);
        Assert.Equal(Rv.AttributeTypeInvalid, hsm.Read(alice, key, AttributeType.AlwaysAuthenticate).Rv);
        Assert.Equal(Rv.AttributeTypeInvalid, hsm.Read(alice, key, AttributeType.WrapTemplate).Rv);
    }

    [Fact]
    public async Task A_generated_pair_shares_its_public_attributes_and_keeps_its_secret()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        KeyPairHandles pair = await hsm.EcPairAsync(alice, privateMore: [AttributeType.Extractable.Is(false)]);
        foreach (AttributeType type in (AttributeType[])[AttributeType.EcParams, AttributeType.EcPoint, AttributeType.CheckValue, AttributeType.PublicKeyInfo])
        {
            Assert.Equal(hsm.Read(alice, pair.Public, type).Value, hsm.Read(alice, pair.Private, type).Value);
        }

        Assert.True(hsm.IsSet(alice, pair.Private, AttributeType.NeverExtractable));
        Assert.Equal(Rv.AttributeSensitive, hsm.Read(alice, pair.Private, AttributeType.Value).Rv);
        Assert.Equal(Rv.AttributeTypeInvalid, hsm.Read(alice, pair.Public, AttributeType.Sensitive).Rv);
        Assert.False(hsm.IsSet(alice, pair.Public, AttributeType.Encrypt));
        Assert.True(hsm.IsSet(alice, pair.Public, AttributeType.Verify));

        KeyPairHandles rsa = (await hsm.Module.GenerateKeyPairAsync(
            alice.Caller, alice.ReadWrite, alice.NextCreation(), TestCalls.RsaKeyPairGen, [AttributeType.ModulusBits.Is(2048UL)], [], TestHsm.Cancel)).Value;
        Assert.Equal(2048UL, hsm.Number(alice, rsa.Public, AttributeType.ModulusBits));
        Assert.Equal([1, 0, 1], hsm.Read(alice, rsa.Private, AttributeType.PublicExponent).Value);
        Assert.Equal(256, hsm.Read(alice, rsa.Private, AttributeType.Modulus).Value.Length);
        Assert.Equal(Rv.AttributeSensitive, hsm.Read(alice, rsa.Private, AttributeType.Prime1).Rv);
    }

    [Fact]
    public async Task A_template_is_refused_with_the_standards_code()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        Assert.Equal(Rv.TemplateIncomplete, (await Generate()).Rv);
        Assert.Equal(Rv.TemplateInconsistent, (await Generate(Templates.Aes(AttributeType.KeyType.Is(KeyType.GenericSecret)))).Rv);
        Assert.Equal(Rv.TemplateInconsistent, (await Generate(Templates.Aes(AttributeType.Class.Is(ObjectClass.PrivateKey)))).Rv);
        Assert.Equal(Rv.TemplateInconsistent, (await Generate(Templates.Aes(AttributeType.Value.Is(new byte[32])))).Rv);
        Assert.Equal(Rv.TemplateInconsistent, (await Generate(Templates.Aes(AttributeType.Modulus.Is([1])))).Rv);
        foreach (AttributeType readOnly in (AttributeType[])[AttributeType.Local, AttributeType.AlwaysSensitive, AttributeType.NeverExtractable, AttributeType.Trusted])
        {
            Assert.Equal(Rv.AttributeReadOnly, (await Generate(Templates.Aes(readOnly.Is(true)))).Rv);
        }

        Assert.True((await Generate(Templates.Aes(AttributeType.Trusted.Is(false)))).IsOk);
        Assert.Equal(Rv.TemplateIncomplete, (await hsm.CreateAsync(alice, AttributeType.KeyType.Is(KeyType.Aes), AttributeType.Value.Is(new byte[16]))).Rv);
        Assert.Equal(Rv.TemplateIncomplete, (await hsm.CreateAsync(alice, AttributeType.Class.Is(ObjectClass.SecretKey), AttributeType.Value.Is(new byte[16]))).Rv);
        Assert.Equal(Rv.AttributeValueInvalid, (await hsm.CreateAsync(alice, AttributeType.Class.Is(ObjectClass.SecretKey), AttributeType.KeyType.Is((KeyType)0x99))).Rv);
        Assert.Equal(Rv.AttributeValueInvalid, (await hsm.CreateAsync(alice, Templates.ImportedAes(new byte[16], AttributeType.ValueLen.Is(32UL)))).Rv);
        Assert.Equal(Rv.AttributeValueInvalid, (await hsm.CreateAsync(alice, Templates.ImportedAes(new byte[16], AttributeType.CheckValue.Is([1, 2, 3])))).Rv);
        Assert.Equal(Rv.MechanismInvalid, (await hsm.Module.GenerateKeyAsync(alice.Caller, alice.ReadWrite, alice.NextCreation(), new(0x99999), [], TestHsm.Cancel)).Rv);
        Assert.Equal(Rv.MechanismInvalid, (await hsm.Module.GenerateKeyAsync(alice.Caller, alice.ReadWrite, alice.NextCreation(), TestCalls.EcKeyPairGen, [], TestHsm.Cancel)).Rv);
        Assert.Single(hsm.Find(alice));

        ValueTask<Outcome<ObjectHandle>> Generate(params RawAttribute[] template) =>
            hsm.Module.GenerateKeyAsync(alice.Caller, alice.ReadWrite, alice.NextCreation(), TestCalls.AesKeyGen, template, TestHsm.Cancel);
    }

    [Fact]
    public async Task An_imported_key_is_neither_local_nor_always_sensitive_and_is_readable_if_made_so()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        byte[] value = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        ObjectHandle open = (await hsm.CreateAsync(alice, Templates.ImportedAes(value, AttributeType.Sensitive.Is(false), AttributeType.CheckValue.Is(Convert.FromHexString("c6a13b"))))).Value;
        Assert.Equal(value, hsm.Read(alice, open, AttributeType.Value).Value);
        Assert.False(hsm.IsSet(alice, open, AttributeType.Local));
        Assert.False(hsm.IsSet(alice, open, AttributeType.AlwaysSensitive));
        Assert.False(hsm.IsSet(alice, open, AttributeType.Sign));
        Assert.Equal(ulong.MaxValue, hsm.Number(alice, open, AttributeType.KeyGenMechanism));

        ObjectHandle closed = (await hsm.CreateAsync(alice, Templates.ImportedAes(value, AttributeType.Sensitive.Is(false), AttributeType.Extractable.Is(false)))).Value;
        Assert.Equal(Rv.AttributeSensitive, hsm.Read(alice, closed, AttributeType.Value).Rv);
        Assert.False(hsm.IsSet(alice, closed, AttributeType.NeverExtractable));
        Outcome<ObjectHandle> bare = await hsm.CreateAsync(alice, Templates.ImportedAes(value, AttributeType.CheckValue.Is(Templates.Empty)));
        Assert.Equal(Rv.AttributeTypeInvalid, hsm.Read(alice, bare.Value, AttributeType.CheckValue).Rv);
    }

    [Fact]
    public async Task Attributes_change_only_in_the_direction_that_the_tables_allow()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice", "bob");
        TestInstance alice = await hsm.UserAsync("alice");
        foreach (bool token in (bool[])[true, false])
        {
            ObjectHandle key = await hsm.AesAsync(alice, AttributeType.Token.Is(token), AttributeType.Sensitive.Is(false));
            Assert.Equal(Outcome.Ok, await hsm.SetAsync(alice, key, AttributeType.Label.Is("new"), AttributeType.Id.Is([7]), AttributeType.Encrypt.Is(true)));
            Assert.Equal("new"u8.ToArray(), hsm.Read(alice, key, AttributeType.Label).Value);
            Assert.Equal([key], hsm.Find(alice, AttributeType.Label.Is("new"), AttributeType.Encrypt.Is(true)));
            Assert.Equal(Outcome.Ok, await hsm.SetAsync(alice, key, AttributeType.Sensitive.Is(true)));
            Assert.Equal(Causes.AttributeReadOnly.On(AttributeType.Sensitive), (await hsm.SetAsync(alice, key, AttributeType.Sensitive.Is(false))).Cause);
            Assert.False(hsm.IsSet(alice, key, AttributeType.AlwaysSensitive));
            Assert.Equal(Outcome.Ok, await hsm.SetAsync(alice, key, AttributeType.Extractable.Is(false)));
            Assert.Equal(Rv.AttributeReadOnly, (await hsm.SetAsync(alice, key, AttributeType.Extractable.Is(true))).Rv);
            Assert.False(hsm.IsSet(alice, key, AttributeType.NeverExtractable));
            Assert.Equal(Outcome.Ok, await hsm.SetAsync(alice, key, AttributeType.WrapWithTrusted.Is(true)));
            Assert.Equal(Rv.AttributeReadOnly, (await hsm.SetAsync(alice, key, AttributeType.WrapWithTrusted.Is(false))).Rv);
            foreach (RawAttribute never in (RawAttribute[])[AttributeType.Token.Is(!token), AttributeType.Private.Is(false), AttributeType.Local.Is(false), AttributeType.KeyType.Is(KeyType.Aes), AttributeType.Trusted.Is(true), AttributeType.ValueLen.Is(16UL), AttributeType.Value.Is(new byte[16])])
            {
                Assert.Equal(Rv.AttributeReadOnly, (await hsm.SetAsync(alice, key, never)).Rv);
            }

            // All or nothing.
            Assert.Equal(Rv.AttributeReadOnly, (await hsm.SetAsync(alice, key, AttributeType.Label.Is("half"), AttributeType.Sensitive.Is(false))).Rv);
            Assert.Equal("new"u8.ToArray(), hsm.Read(alice, key, AttributeType.Label).Value);
            Assert.Equal(Outcome.Ok, await hsm.SetAsync(alice, key, AttributeType.Destroyable.Is(false)));
            Assert.Equal(Causes.NotDestroyable, (await hsm.DestroyAsync(alice, key)).Cause);
            Assert.Equal(Outcome.Ok, await hsm.SetAsync(alice, key, AttributeType.Destroyable.Is(true), AttributeType.Modifiable.Is(false)));
            Assert.Equal(Causes.NotModifiable, (await hsm.SetAsync(alice, key, AttributeType.Label.Is("late"))).Cause);
            Assert.Equal(Outcome.Ok, await hsm.DestroyAsync(alice, key));
        }
    }

    [Fact]
    public async Task An_admin_trusts_and_does_nothing_else_to_keys()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        TestInstance admin = await hsm.AdminAsync();
        ObjectHandle key = await hsm.AesAsync(alice, AttributeType.Token.Is(true), AttributeType.Label.Is("wrapping"));
        Assert.Equal([key], hsm.Find(admin, AttributeType.Label.Is("wrapping")));
        Assert.Equal("wrapping"u8.ToArray(), hsm.Read(admin, key, AttributeType.Label).Value);
        Assert.Equal(Rv.AttributeSensitive, hsm.Read(admin, key, AttributeType.Sign).Rv);
        Assert.Equal(Rv.AttributeReadOnly, (await hsm.SetAsync(admin, key, AttributeType.Label.Is("mine"))).Rv);
        Assert.Equal(Rv.UserNotLoggedIn, (await hsm.DestroyAsync(admin, key)).Rv);
        Assert.Equal(Rv.UserNotLoggedIn, (await hsm.GenerateAesAsync(admin)).Rv);
        Assert.Equal(Outcome.Ok, await hsm.SetAsync(admin, key, AttributeType.Trusted.Is(true)));
        Assert.True(hsm.IsSet(alice, key, AttributeType.Trusted));
        ObjectHandle copy = (await hsm.Module.CopyObjectAsync(alice.Caller, alice.ReadWrite, alice.NextCreation(), key, [], TestHsm.Cancel)).Value;
        Assert.False(hsm.IsSet(alice, copy, AttributeType.Trusted));
    }

    [Fact]
    public async Task A_copy_is_the_same_key_with_its_own_handle_and_only_tightens()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        ObjectHandle source = await hsm.AesAsync(alice, AttributeType.Label.Is("source"), AttributeType.Encrypt.Is(true));
        Outcome<ObjectHandle> copy = await Copy(AttributeType.Token.Is(true), AttributeType.Label.Is("copy"), AttributeType.Extractable.Is(false));
        Assert.False(copy.Value.IsSession);
        Assert.Equal(hsm.Perform(alice, Use.Encrypt, TestCalls.AesCbcPad, source, [1, 2]).Value, hsm.Perform(alice, Use.Encrypt, TestCalls.AesCbcPad, copy.Value, [1, 2]).Value);
        Assert.Equal(hsm.Read(alice, source, AttributeType.CheckValue).Value, hsm.Read(alice, copy.Value, AttributeType.CheckValue).Value);
        Assert.NotEqual(hsm.Read(alice, source, AttributeType.UniqueId).Value, hsm.Read(alice, copy.Value, AttributeType.UniqueId).Value);
        Assert.Equal(Rv.AttributeReadOnly, (await Copy(AttributeType.Sensitive.Is(false))).Rv);
        Assert.Equal(Rv.AttributeReadOnly, (await Copy(AttributeType.Private.Is(false))).Rv);
        Assert.Equal(Rv.AttributeReadOnly, (await Copy(AttributeType.ValueLen.Is(16UL))).Rv);
        Assert.Equal(Outcome.Ok, await hsm.SetAsync(alice, source, AttributeType.Copyable.Is(false)));
        Assert.Equal(Causes.NotCopyable, (await Copy()).Cause);

        ValueTask<Outcome<ObjectHandle>> Copy(params RawAttribute[] template) =>
            hsm.Module.CopyObjectAsync(alice.Caller, alice.ReadWrite, alice.NextCreation(), source, template, TestHsm.Cancel);
    }

    [Fact]
    public async Task Certificates_and_data_are_objects_too()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        ObjectHandle certificate = (await hsm.CreateAsync(
            alice, AttributeType.Class.Is(ObjectClass.Certificate), AttributeType.CertificateType.Is(0UL), AttributeType.Token.Is(true), AttributeType.Subject.Is([0x30, 0]),
            AttributeType.Value.Is([1, 2, 3]), AttributeType.Id.Is([9]))).Value;
        ObjectHandle data = (await hsm.CreateAsync(alice, AttributeType.Class.Is(ObjectClass.Data), AttributeType.Value.Is([4]), AttributeType.Application.Is("app"))).Value;
        TestInstance nobody = hsm.Nobody();
        Assert.Equal([certificate], hsm.Find(nobody));
        Assert.Equal([1, 2, 3], hsm.Read(nobody, certificate, AttributeType.Value).Value);
        Assert.Equal([4], hsm.Read(alice, data, AttributeType.Value).Value);
        Assert.Equal(Rv.KeyHandleInvalid, hsm.Perform(alice, Use.Sign, TestCalls.EcdsaSha256, certificate, [1]).Rv);
    }

    [Fact]
    public async Task A_certificate_has_a_check_value_or_is_found_by_its_url()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        byte[] value = [0x30, 3, 1, 2, 3];   // its SHA-1 by the openssl program begins as below
        ObjectHandle here = (await Create(AttributeType.Value.Is(value))).Value;
        Assert.Equal(Convert.FromHexString("987462"), hsm.Read(alice, here, AttributeType.CheckValue).Value);
        Assert.Equal(0x220UL, hsm.Number(alice, here, AttributeType.NameHashAlgorithm));
        Assert.Equal(0UL, hsm.Number(alice, here, AttributeType.JavaMidpSecurityDomain));
        Assert.Empty(hsm.Read(alice, here, AttributeType.Url).Value);
        Assert.Empty(hsm.Read(alice, here, AttributeType.PublicKeyInfo).Value);
        Assert.Equal(Causes.AttributeContradictsKey.On(AttributeType.CheckValue), (await Create(AttributeType.Value.Is(value), AttributeType.CheckValue.Is([1, 2, 3]))).Cause);

        RawAttribute url = AttributeType.Url.Is("https://example.org/ca.crt"), nothing = AttributeType.Value.Is(Templates.Empty);
        RawAttribute[] hashes = [AttributeType.HashOfSubjectPublicKey.Is(new byte[20]), AttributeType.HashOfIssuerPublicKey.Is(new byte[20])];
        ObjectHandle elsewhere = (await Create([url, nothing, .. hashes])).Value;
        Assert.Equal("https://example.org/ca.crt"u8.ToArray(), hsm.Read(alice, elsewhere, AttributeType.Url).Value);
        Assert.Equal(Rv.AttributeTypeInvalid, hsm.Read(alice, elsewhere, AttributeType.CheckValue).Rv);
        Assert.Equal(Causes.CertificateNowhere, (await Create(nothing)).Cause);
        Assert.Equal(Causes.CertificateNowhere, (await Create(url, nothing, hashes[0])).Cause);

        ValueTask<Outcome<ObjectHandle>> Create(params RawAttribute[] more) => hsm.CreateAsync(
            alice, [AttributeType.Class.Is(ObjectClass.Certificate), AttributeType.CertificateType.Is(0UL), AttributeType.Subject.Is([0x30, 0]), .. more]);
    }
}
