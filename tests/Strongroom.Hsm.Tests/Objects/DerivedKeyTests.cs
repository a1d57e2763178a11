using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Objects;

/// <summary>What comes of a base key or of an encapsulation obeys the template that this key carries (PKCS#11 3.2, 4.7 to 4.10), and remembers how hidden it always was.</summary>
public sealed class DerivedKeyTests
{
    private static readonly RawAttribute[] Asked =
    [
        AttributeType.KeyType.Is(KeyType.Aes), AttributeType.ValueLen.Is(32UL), AttributeType.Label.Is("by template"), AttributeType.Extractable.Is(false), AttributeType.Encrypt.Is(true),
    ];

    public static TheoryData<string> Ways => [.. BaseKey.Ways];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_derived_key_is_as_the_template_of_its_base_key_asks(string way)
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        BaseKey from = await BaseKey.MakeAsync(hsm, alice, way, Asked);
        ObjectHandle key = Must(await from.DeriveAsync(AttributeType.Decrypt.Is(true)));
        Assert.Equal((ulong)KeyType.Aes, hsm.Number(alice, key, AttributeType.KeyType));
        Assert.Equal("by template"u8.ToArray(), hsm.Read(alice, key, AttributeType.Label).Value);
        Assert.False(hsm.IsSet(alice, key, AttributeType.Extractable));
        Assert.True(hsm.IsSet(alice, key, AttributeType.Encrypt));
        Assert.True(hsm.IsSet(alice, key, AttributeType.Decrypt));
        Must(await from.DeriveAsync(Asked));

        int before = hsm.Find(alice).Count;
        foreach (RawAttribute other in (RawAttribute[])[AttributeType.Extractable.Is(true), AttributeType.Encrypt.Is(false), AttributeType.Label.Is("other"), AttributeType.KeyType.Is(KeyType.GenericSecret), AttributeType.ValueLen.Is(16UL)])
        {
            Assert.Equal(Causes.TemplateOfKeyViolated.Rv, (await from.DeriveAsync(other)).Rv);
        }

        Assert.Equal(before, hsm.Find(alice).Count);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_template_that_no_derived_key_can_obey_makes_none(string way)
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        BaseKey readOnly = await BaseKey.MakeAsync(hsm, alice, way, AttributeType.ValueLen.Is(32UL), AttributeType.Local.Is(true));
        Assert.Equal(Causes.AttributeReadOnly.On(AttributeType.Local), (await readOnly.DeriveAsync()).Cause);
        BaseKey contradicts = await BaseKey.MakeAsync(hsm, alice, way, AttributeType.ValueLen.Is(32UL), AttributeType.Modulus.Is([1]));
        Assert.Equal(Causes.AttributeNotOfKind.On(AttributeType.Modulus), (await contradicts.DeriveAsync()).Cause);
    }

    // PKCS#11 3.2, 6.3.17 and its like: false if the base key's is false, else as the new key's own attribute says. An encapsulated secret was known outside.
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_derived_key_was_as_hidden_as_its_base_key(string way)
    {
        bool remembers = way.StartsWith("CKM", StringComparison.Ordinal);
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        BaseKey hidden = await BaseKey.MakeHiddenAsync(hsm, alice, way, hidden: true);
        Assert.Equal((remembers, remembers), await HistoryOfAsync(hidden, AttributeType.Sensitive.Is(true), AttributeType.Extractable.Is(false)));
        Assert.Equal((false, false), await HistoryOfAsync(hidden, AttributeType.Sensitive.Is(false), AttributeType.Extractable.Is(true)));
        BaseKey open = await BaseKey.MakeHiddenAsync(hsm, alice, way, hidden: false);
        Assert.Equal((false, false), await HistoryOfAsync(open, AttributeType.Sensitive.Is(true), AttributeType.Extractable.Is(false)));

        async Task<(bool AlwaysSensitive, bool NeverExtractable)> HistoryOfAsync(BaseKey from, params RawAttribute[] template)
        {
            ObjectHandle key = Must(await from.DeriveAsync([AttributeType.KeyType.Is(KeyType.Aes), AttributeType.ValueLen.Is(32UL), .. template]));
            Assert.False(hsm.IsSet(alice, key, AttributeType.Local));
            return (hsm.IsSet(alice, key, AttributeType.AlwaysSensitive), hsm.IsSet(alice, key, AttributeType.NeverExtractable));
        }
    }

    [Fact]
    public async Task The_salt_of_hkdf_may_be_a_key_that_may_derive()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice", "bob");
        TestInstance alice = await hsm.UserAsync("alice");
        byte[] salt = [.. "a salt that is a key"u8];
        ObjectHandle key = await SecretAsync(alice, new byte[32], AttributeType.Derive.Is(true));
        ObjectHandle saltKey = await SecretAsync(alice, salt, AttributeType.Derive.Is(true));
        ObjectHandle idle = await SecretAsync(alice, salt), foreign = await SecretAsync(await hsm.UserAsync("bob"), salt, AttributeType.Derive.Is(true), AttributeType.Token.Is(true));
        ObjectHandle aes = await hsm.AesAsync(alice, AttributeType.Derive.Is(true));
        var withData = new MechanismCall(0x402A, ParameterShape.Hkdf, Iv: salt, Bits: 3, Hash: 0x250, Mgf: 2);
        byte[] expected = hsm.Read(alice, Must(await DeriveAsync(withData)), AttributeType.Value).Value;
        Assert.Equal(expected, hsm.Read(alice, Must(await DeriveAsync(WithKey(saltKey))), AttributeType.Value).Value);
        Assert.Equal(Rv.KeyFunctionNotPermitted, (await DeriveAsync(WithKey(idle))).Rv);
        Assert.Equal(Rv.KeyHandleInvalid, (await DeriveAsync(WithKey(foreign))).Rv);
        Assert.Equal(Rv.MechanismParamInvalid, (await DeriveAsync(WithKey(aes))).Rv);
        Assert.Equal(Rv.KeyHandleInvalid, (await DeriveAsync(WithKey(default))).Rv);

        ObjectHandle asking = await SecretAsync(alice, salt, AttributeType.Derive.Is(true), AttributeType.DeriveTemplate.Is(AttributeType.Extractable.Is(false)));
        ObjectHandle opposite = await SecretAsync(alice, salt, AttributeType.Derive.Is(true), AttributeType.DeriveTemplate.Is(AttributeType.Sensitive.Is(true)));
        Assert.False(hsm.IsSet(alice, Must(await DeriveAsync(WithKey(asking))), AttributeType.Extractable));
        Assert.Equal(Causes.TemplateOfKeyViolated.Rv, (await DeriveAsync(WithKey(opposite))).Rv);

        async Task<ObjectHandle> SecretAsync(TestInstance who, byte[] value, params RawAttribute[] more) =>
            Must(await hsm.CreateAsync(who, [AttributeType.Class.Is(ObjectClass.SecretKey), AttributeType.KeyType.Is(KeyType.GenericSecret), AttributeType.Value.Is(value), .. more]));

        MechanismCall WithKey(ObjectHandle handle) => withData with { Iv = null, Mgf = 4, Length = handle.Value };

        ValueTask<Outcome<ObjectHandle>> DeriveAsync(MechanismCall call) => hsm.Module.DeriveKeyAsync(
            alice.Caller, alice.ReadWrite, alice.NextCreation(), call, key, [AttributeType.ValueLen.Is(32UL), AttributeType.Sensitive.Is(false)], TestHsm.Cancel);
    }

    private static ObjectHandle Must(Outcome<ObjectHandle> made)
    {
        Assert.True(made.IsOk, made.WithoutValue().ToString());
        return made.Value;
    }
}
