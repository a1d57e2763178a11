using Strongroom.Crypto;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Objects;

public sealed partial class AttributeRulesTests
{
    // One kind of object: what it takes to make one in each way.
    private sealed class World(TestHsm hsm, TestInstance alice, Kind kind)
    {
        private ObjectHandle _wrapping;
        private byte[] _wrapped = [];
        private BaseKey? _base;

        public TestInstance Alice { get; } = alice;

        public Kind Kind { get; } = kind;

        /// <summary>For C_CreateObject.</summary>
        public RawAttribute[] Given { get; private set; } = [];

        /// <summary>For C_GenerateKey or C_GenerateKeyPair; class and type go without saying.</summary>
        public RawAttribute[] Asked => Kind.Class switch
        {
            ObjectClass.SecretKey => [AttributeType.ValueLen.Is(32UL)],
            ObjectClass.PublicKey => Generation.Public,
            _ => [],
        };

        /// <summary>For C_UnwrapKey.</summary>
        public RawAttribute[] Named => [AttributeType.Class.Is(Kind.Class), AttributeType.KeyType.Is(Kind.Type ?? default)];

        /// <summary>For C_DeriveKey and its like.</summary>
        public RawAttribute[] Wanted => [.. Named, AttributeType.ValueLen.Is(32UL)];

        private (MechanismCall Call, RawAttribute[] Public) Generation => Kind.Type switch
        {
            KeyType.Rsa => (TestCalls.RsaKeyPairGen, [AttributeType.ModulusBits.Is(2048UL)]),
            KeyType.EcEdwards => (new(0x1055), [AttributeType.EcParams.Is(RawCurve.Ed25519.Oid)]),
            KeyType.EcMontgomery => (new(0x1056), [AttributeType.EcParams.Is(RawCurve.X25519.Oid)]),
            KeyType.MlDsa => (new(0x1C), [AttributeType.ParameterSet.Is(1UL)]),
            KeyType.MlKem => (new(0xF), [AttributeType.ParameterSet.Is(1UL)]),
            _ => (TestCalls.EcKeyPairGen, [AttributeType.EcParams.Is(Templates.P256)]),
        };

        public static async Task<World> MakeAsync(TestHsm hsm, Kind kind)
        {
            var world = new World(hsm, await hsm.UserAsync("alice"), kind);
            await world.PrepareAsync();
            return world;
        }

        public async Task<Rv> CreateAsync(RawAttribute[] template) => (await hsm.CreateAsync(Alice, template)).Rv;

        public async Task<Rv> GenerateAsync(RawAttribute[] template)
        {
            if (Kind.Class == ObjectClass.SecretKey)
            {
                return (await hsm.Module.GenerateKeyAsync(Alice.Caller, Alice.ReadWrite, Alice.NextCreation(), TestCalls.AesKeyGen, template, TestHsm.Cancel)).Rv;
            }

            bool isPublic = Kind.Class == ObjectClass.PublicKey;
            return (await PairAsync(Generation.Call, isPublic ? template : Generation.Public, isPublic ? [] : template)).Rv;
        }

        public async Task<Rv> UnwrapAsync(RawAttribute[] template) =>
            (await hsm.Module.UnwrapKeyAsync(Alice.Caller, Alice.ReadWrite, Alice.NextCreation(), TestCalls.AesCbcPad, _wrapping, _wrapped, template, TestHsm.Cancel)).Rv;

        public async Task<Rv> DeriveAsync(RawAttribute[] template) => (await _base!.DeriveAsync(template)).Rv;

        public async Task<Rv> CopyAsync(ObjectHandle source, RawAttribute one) =>
            (await hsm.Module.CopyObjectAsync(Alice.Caller, Alice.ReadWrite, Alice.NextCreation(), source, [one], TestHsm.Cancel)).Rv;

        /// <summary>A session object with the standard's defaults, not sensitive where it is a key.</summary>
        public async Task<ObjectHandle> MakeOneAsync()
        {
            RawAttribute[] open = Kind.Class is ObjectClass.SecretKey or ObjectClass.PrivateKey ? [AttributeType.Sensitive.Is(false)] : [];
            Outcome<ObjectHandle> made = Kind.Ways == "D" ? await _base!.DeriveAsync([.. Wanted, .. open]) : await hsm.CreateAsync(Alice, [.. Given, .. open]);
            Assert.Equal(Rv.Ok, made.Rv);
            return made.Value;
        }

        /// <summary>A value that the attribute may have.</summary>
        public RawAttribute Sample(AttributeType type) => Given.Any(one => one.Type == type) ? Given.First(one => one.Type == type) : type switch
        {
            AttributeType.Class => type.Is(ObjectClass.SecretKey),
            AttributeType.KeyType => type.Is(KeyType.Aes),
            AttributeType.StartDate or AttributeType.EndDate => type.Is("20300101"),
            AttributeType.ValueLen => type.Is(32UL),
            AttributeType.ModulusBits => type.Is(2048UL),
            AttributeType.ParameterSet => type.Is(1UL),
            AttributeType.KeyGenMechanism => type.Is(0x1080UL),
            AttributeType.CertificateType or AttributeType.CertificateCategory or AttributeType.JavaMidpSecurityDomain => type.Is(0UL),
            AttributeType.NameHashAlgorithm => type.Is(0x250UL),
            AttributeType.AllowedMechanisms => type.Is(0x1085UL),
            AttributeType.WrapTemplate or AttributeType.UnwrapTemplate or AttributeType.DeriveTemplate or AttributeType.EncapsulateTemplate or AttributeType.DecapsulateTemplate =>
                type.Is(AttributeType.Extractable.Is(true)),
            AttributeType.PublicExponent => type.Is([1, 0, 1]),
            AttributeType.EcParams => Kind.Class == ObjectClass.PrivateKey && Kind.Type is not (KeyType.Rsa or KeyType.MlDsa or KeyType.MlKem) ? Generation.Public[0] : type.Is(Templates.P256),
            AttributeType.Modulus or AttributeType.PrivateExponent or AttributeType.Prime1 or AttributeType.Prime2 or AttributeType.Exponent1 or AttributeType.Exponent2 or AttributeType.Coefficient
                or AttributeType.EcPoint or AttributeType.Value or AttributeType.Seed or AttributeType.Id or AttributeType.Label or AttributeType.Subject or AttributeType.Issuer
                or AttributeType.SerialNumber or AttributeType.Application or AttributeType.ObjectId or AttributeType.UniqueId or AttributeType.PublicKeyInfo
                or AttributeType.Url => type.Is([3]),
            AttributeType.Extractable or AttributeType.Modifiable or AttributeType.Copyable => type.Is(false),
            _ => type.Is(true),
        };

        private async Task PrepareAsync()
        {
            if (Kind.Class is ObjectClass.Certificate or ObjectClass.Data)
            {
                Given = Kind.Class == ObjectClass.Data ? [AttributeType.Class.Is(ObjectClass.Data)]
                    : [AttributeType.Class.Is(ObjectClass.Certificate), AttributeType.CertificateType.Is(0UL), AttributeType.Subject.Is([0x30, 0]), AttributeType.Value.Is([0x30, 0]),
                        AttributeType.HashOfSubjectPublicKey.Is(new byte[20]), AttributeType.HashOfIssuerPublicKey.Is(new byte[20])];
                return;
            }

            if (Kind.Ways == "D")
            {
                _base = await BaseKey.MakeAsync(hsm, Alice, Kind.Name["AES by ".Length..]);
                return;
            }

            RawAttribute[] open = [AttributeType.Sensitive.Is(false), AttributeType.Extractable.Is(true)];
            ObjectHandle secret = await hsm.AesAsync(Alice, open);
            KeyPairHandles pair = (await PairAsync(Generation.Call, Generation.Public, open)).Value;
            ObjectHandle one = Kind.Class switch { ObjectClass.SecretKey => secret, ObjectClass.PublicKey => pair.Public, _ => pair.Private };
            Given = [.. Kind.Rows.Where(row => row.Create == 'M' || row.Type is AttributeType.Seed or AttributeType.Value && row.Create == 'o').Select(row => new RawAttribute(row.Type, hsm.Read(Alice, one, row.Type).Value))];
            if (Kind.Class != ObjectClass.PublicKey)
            {
                _wrapping = await hsm.AesAsync(Alice, AttributeType.Wrap.Is(true), AttributeType.Unwrap.Is(true));
                _wrapped = hsm.Module.WrapKey(Alice.Caller, Alice.ReadWrite, TestCalls.AesCbcPad, _wrapping, one).Value.Bytes.ToArray();
            }
        }

        private ValueTask<Outcome<KeyPairHandles>> PairAsync(MechanismCall call, RawAttribute[] publicTemplate, RawAttribute[] privateTemplate) =>
            hsm.Module.GenerateKeyPairAsync(Alice.Caller, Alice.ReadWrite, Alice.NextCreation(), call, publicTemplate, privateTemplate, TestHsm.Cancel);
    }
}
