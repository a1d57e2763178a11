using System.Text.RegularExpressions;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Objects;

/// <summary>Every attribute of every kind of object × every way to make it and to change it, against tables that were written from the standard and not from the code.</summary>
public sealed partial class AttributeRulesTests
{
    private static readonly MechanismCall CbcPad = new(0x1085, ParameterShape.Bytes, Iv: new byte[16]);

    public static TheoryData<string> Names => [.. Kinds.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_attribute_is_taken_and_changed_as_the_standard_says(string name)
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        var world = await World.MakeAsync(hsm, Kinds.Single(kind => kind.Name == name));
        var wrong = new List<string>();
        foreach (Row row in world.Kind.Rows)
        {
            await CheckMakingAsync("C_CreateObject", row.Create, world.Given, world.CreateAsync);
            await CheckMakingAsync("C_GenerateKey", world.Kind.Ways.Contains('G', StringComparison.Ordinal) ? row.Generate : '.', world.Asked, world.GenerateAsync);
            await CheckMakingAsync("C_UnwrapKey", world.Kind.Ways.Contains('U', StringComparison.Ordinal) ? row.Unwrap : '.', world.Named, world.UnwrapAsync);
            await CheckChangingAsync(row);

            async Task CheckMakingAsync(string function, char rule, RawAttribute[] template, Func<RawAttribute[], Task<Rv>> make)
            {
                RawAttribute[] without = [.. template.Where(given => given.Type != row.Type)];
                RawAttribute value = template.FirstOrDefault(given => given.Type == row.Type, world.Sample(row.Type));
                Expect(function + " with it", rule is 'M' or 'o' ? Rv.Ok : rule == 'x' ? Rv.TemplateInconsistent : Rv.AttributeReadOnly, rule == '.' ? null : await make([.. without, value]));
                if (without.Length < template.Length)
                {
                    Expect(function + " without it", rule == 'M' ? Rv.TemplateIncomplete : Rv.Ok, rule == '.' ? null : await make(without));
                }
            }

            void Expect(string what, Rv expected, Rv? actual)
            {
                if (actual is { } rv && rv != expected)
                {
                    wrong.Add($"{row.Type}: {what}: {rv}, not {expected}");
                }
            }

            async Task CheckChangingAsync(Row one)
            {
                ObjectHandle made = await world.MakeOneAsync();
                switch (one.Later)
                {
                    case 'f':
                        Expect("changed", Rv.Ok, (await hsm.SetAsync(world.Alice, made, world.Sample(one.Type))).Rv);
                        break;
                    case 't' or 'F':
                        Expect("changed the right way", Rv.Ok, (await hsm.SetAsync(world.Alice, made, one.Type.Is(one.Later == 't'))).Rv);
                        Rv back = (await hsm.SetAsync(world.Alice, made, one.Type.Is(one.Later != 't'))).Rv;
                        Expect("changed back", one.Type == AttributeType.Modifiable ? Rv.ActionProhibited : Rv.AttributeReadOnly, back);
                        break;
                    case 'x':
                        Expect("set", Rv.TemplateInconsistent, (await hsm.SetAsync(world.Alice, made, world.Sample(one.Type))).Rv);
                        break;
                    default:
                        Expect("set", Rv.AttributeReadOnly, (await hsm.SetAsync(world.Alice, made, world.Sample(one.Type))).Rv);
                        Expect("in a copy", one.Later == 'c' ? Rv.Ok : Rv.AttributeReadOnly, await world.CopyAsync(made, world.Sample(one.Type)));
                        break;
                }
            }
        }

        Assert.Empty(wrong);
    }

    private sealed record Row(AttributeType Type, char Create, char Generate, char Unwrap, char Later);

    private sealed partial record Kind(string Name, string Ways, params string[] Tables)
    {
        public IEnumerable<Row> Rows => from line in string.Join('\n', Tables).Split('\n')
                                        let cells = Cells().Match(line)
                                        select new Row(Enum.Parse<AttributeType>(cells.Groups[1].Value), cells.Groups[2].Value[0], cells.Groups[3].Value[0], cells.Groups[4].Value[0], cells.Groups[5].Value[0]);

        [GeneratedRegex(@"^(\w+) +(\S) (\S) (\S) (\S)")]
        private static partial Regex Cells();
    }

    // One kind of object: what it takes to make one in each way.
    private sealed class World(TestHsm hsm, TestInstance alice, Kind kind, ObjectHandle wrapping, byte[] wrapped, RawAttribute[] given)
    {
        public TestInstance Alice { get; } = alice;

        public Kind Kind { get; } = kind;

        /// <summary>For C_CreateObject.</summary>
        public RawAttribute[] Given { get; } = given;

        /// <summary>For C_GenerateKey or C_GenerateKeyPair; class and type go without saying.</summary>
        public RawAttribute[] Asked => Kind.Name switch
        {
            "AES" => [AttributeType.ValueLen.Is(32UL)],
            "RSA public key" => [AttributeType.ModulusBits.Is(2048UL)],
            "EC public key" => [AttributeType.EcParams.Is(Templates.P256)],
            _ => [],
        };

        /// <summary>For C_UnwrapKey.</summary>
        public RawAttribute[] Named => [.. Given.Where(one => one.Type is AttributeType.Class or AttributeType.KeyType)];

        public static async Task<World> MakeAsync(TestHsm hsm, Kind kind)
        {
            TestInstance alice = await hsm.UserAsync("alice");
            ObjectHandle wrapping = await hsm.AesAsync(alice, AttributeType.Wrap.Is(true), AttributeType.Unwrap.Is(true));
            bool rsa = kind.Name.StartsWith("RSA", StringComparison.Ordinal);
            RawAttribute[] open = [AttributeType.Sensitive.Is(false), AttributeType.Extractable.Is(true)];
            KeyPairHandles pair = (await hsm.Module.GenerateKeyPairAsync(
                alice.Caller, alice.ReadWrite, alice.NextCreation(), rsa ? TestCalls.RsaKeyPairGen : TestCalls.EcKeyPairGen,
                rsa ? [AttributeType.ModulusBits.Is(2048UL)] : [AttributeType.EcParams.Is(Templates.P256)], open, TestHsm.Cancel)).Value;
            ObjectHandle aes = await hsm.AesAsync(alice, open);
            ObjectHandle exported = kind.Name == "AES" ? aes : pair.Private;
            byte[] wrapped = hsm.Module.WrapKey(alice.Caller, alice.ReadWrite, CbcPad, wrapping, exported).Value.Bytes.ToArray();
            RawAttribute[] given = kind.Name switch
            {
                "AES" => Read(aes, AttributeType.Class, AttributeType.KeyType, AttributeType.Value),
                "RSA public key" => Read(pair.Public, AttributeType.Class, AttributeType.KeyType, AttributeType.Modulus, AttributeType.PublicExponent),
                "RSA private key" => Read(
                    pair.Private, AttributeType.Class, AttributeType.KeyType, AttributeType.Modulus, AttributeType.PublicExponent, AttributeType.PrivateExponent, AttributeType.Prime1, AttributeType.Prime2,
                    AttributeType.Exponent1, AttributeType.Exponent2, AttributeType.Coefficient),
                "EC public key" => Read(pair.Public, AttributeType.Class, AttributeType.KeyType, AttributeType.EcParams, AttributeType.EcPoint),
                "EC private key" => Read(pair.Private, AttributeType.Class, AttributeType.KeyType, AttributeType.EcParams, AttributeType.Value),
                "certificate" => [AttributeType.Class.Is(ObjectClass.Certificate), AttributeType.CertificateType.Is(0UL), AttributeType.Subject.Is([0x30, 0]), AttributeType.Value.Is([0x30, 0])],
                _ => [AttributeType.Class.Is(ObjectClass.Data)],
            };
            return new World(hsm, alice, kind, wrapping, wrapped, given);

            RawAttribute[] Read(ObjectHandle handle, params AttributeType[] types) => [.. types.Select(type => new RawAttribute(type, hsm.Read(alice, handle, type).Value))];
        }

        public async Task<Rv> CreateAsync(RawAttribute[] template) => (await hsm.CreateAsync(Alice, template)).Rv;

        public async Task<Rv> GenerateAsync(RawAttribute[] template)
        {
            bool isPublic = Kind.Name.EndsWith("public key", StringComparison.Ordinal), rsa = Kind.Name.StartsWith("RSA", StringComparison.Ordinal);
            if (Kind.Name == "AES")
            {
                return (await hsm.Module.GenerateKeyAsync(Alice.Caller, Alice.ReadWrite, Alice.NextCreation(), TestCalls.AesKeyGen, template, TestHsm.Cancel)).Rv;
            }

            RawAttribute[] others = isPublic ? [] : rsa ? [AttributeType.ModulusBits.Is(2048UL)] : [AttributeType.EcParams.Is(Templates.P256)];
            return (await hsm.Module.GenerateKeyPairAsync(
                Alice.Caller, Alice.ReadWrite, Alice.NextCreation(), rsa ? TestCalls.RsaKeyPairGen : TestCalls.EcKeyPairGen, isPublic ? template : others, isPublic ? [] : template, TestHsm.Cancel)).Rv;
        }

        public async Task<Rv> UnwrapAsync(RawAttribute[] template) =>
            (await hsm.Module.UnwrapKeyAsync(Alice.Caller, Alice.ReadWrite, Alice.NextCreation(), CbcPad, wrapping, wrapped, template, TestHsm.Cancel)).Rv;

        public async Task<Rv> CopyAsync(ObjectHandle source, RawAttribute one) =>
            (await hsm.Module.CopyObjectAsync(Alice.Caller, Alice.ReadWrite, Alice.NextCreation(), source, [one], TestHsm.Cancel)).Rv;

        /// <summary>A session object with the standard's defaults, not sensitive where it is a key.</summary>
        public async Task<ObjectHandle> MakeOneAsync()
        {
            Outcome<ObjectHandle> made = await hsm.CreateAsync(Alice, Kind.Rows.Any(row => row is { Type: AttributeType.Sensitive, Create: 'o' }) ? [.. Given, AttributeType.Sensitive.Is(false)] : Given);
            Assert.Equal(Rv.Ok, made.Rv);
            return made.Value;
        }

        /// <summary>A value that the attribute may have.</summary>
        public RawAttribute Sample(AttributeType type) => type switch
        {
            AttributeType.Class or AttributeType.KeyType or AttributeType.Modulus or AttributeType.PublicExponent or AttributeType.Value or AttributeType.EcParams or AttributeType.EcPoint
                when Given.FirstOrDefault(one => one.Type == type) is { Type: var known } found && known == type => found,
            AttributeType.Class => type.Is(ObjectClass.SecretKey),
            AttributeType.KeyType => type.Is(KeyType.Aes),
            AttributeType.StartDate or AttributeType.EndDate => type.Is("20300101"),
            AttributeType.ValueLen => type.Is(32UL),
            AttributeType.ModulusBits => type.Is(2048UL),
            AttributeType.KeyGenMechanism => type.Is(0x1080UL),
            AttributeType.CertificateType or AttributeType.CertificateCategory => type.Is(0UL),
            AttributeType.AllowedMechanisms => type.Is(0x1085UL),
            AttributeType.WrapTemplate or AttributeType.UnwrapTemplate or AttributeType.DeriveTemplate => type.Is(AttributeType.Extractable.Is(true)),
            AttributeType.PublicExponent => type.Is([1, 0, 1]),
            AttributeType.EcParams => type.Is(Templates.P256),
            AttributeType.Modulus or AttributeType.PrivateExponent or AttributeType.Prime1 or AttributeType.Prime2 or AttributeType.Exponent1 or AttributeType.Exponent2 or AttributeType.Coefficient
                or AttributeType.EcPoint or AttributeType.Value or AttributeType.Id or AttributeType.Label or AttributeType.Subject or AttributeType.Issuer or AttributeType.SerialNumber
                or AttributeType.Application or AttributeType.ObjectId or AttributeType.UniqueId or AttributeType.PublicKeyInfo => type.Is([3]),
            AttributeType.Extractable or AttributeType.Modifiable or AttributeType.Copyable => type.Is(false),
            _ => type.Is(true),
        };
    }
}
