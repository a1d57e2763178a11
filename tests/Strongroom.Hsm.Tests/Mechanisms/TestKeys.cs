using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Tests.Mechanisms;

/// <summary>Keys and calls that many tests need. Generated once; never disposed, since tests run beside each other.</summary>
internal static class TestKeys
{
    public static readonly KeyPair Rsa = Pair(0x0, new RawAttribute(AttributeType.ModulusBits, BitConverter.GetBytes(2048UL)));
    public static readonly KeyPair P256 = Pair(0x1040, new RawAttribute(AttributeType.EcParams, EcCurve.P256.Oid));
    public static readonly KeyPair P384 = Pair(0x1040, new RawAttribute(AttributeType.EcParams, EcCurve.P384.Oid));
    public static readonly KeyPair Ed25519 = Pair(0x1055, new RawAttribute(AttributeType.EcParams, RawCurve.Ed25519.Oid));
    public static readonly KeyPair X25519 = Pair(0x1056, new RawAttribute(AttributeType.EcParams, RawCurve.X25519.Oid));
    public static readonly KeyPair MlDsa44 = Pair(0x1C, new RawAttribute(AttributeType.ParameterSet, BitConverter.GetBytes(1UL)));
    public static readonly KeyPair MlKem768 = Pair(0xF, new RawAttribute(AttributeType.ParameterSet, BitConverter.GetBytes(2UL)));
    public static readonly SecretKey Aes = Secret(KeyType.Aes, Enumerable.Range(0, 32).Select(value => (byte)value).ToArray());
    public static readonly SecretKey Generic = Secret(KeyType.GenericSecret, Enumerable.Range(0, 32).Select(value => (byte)value).ToArray());

    public static readonly SecretKey Des3 = Secret(KeyType.Des3, Enumerable.Range(0, 24).Select(value => (byte)(value * 5)).ToArray());

    public static SecretKey Secret(KeyType type, byte[] value) => new(type, SecretBuffer.CopyOf(value));

    public static KeyPair Pair(ulong mechanism, params RawAttribute[] template) =>
        MechanismCatalog.Find(mechanism)!.GenerateKeyPair(new MechanismCall(mechanism), template, ClusterMode.NonFips).Value;

    /// <summary>A key that the mechanism takes for the use; null for a digest.</summary>
    public static KeyMaterial? For(Mechanism mechanism, Use use) => use == Use.Digest ? null
        : new KeyMaterial[] { Rsa.Private, Rsa.Public, P384.Private, P384.Public, Ed25519.Private, Ed25519.Public, MlDsa44.Private, MlDsa44.Public, MlKem768.Private, MlKem768.Public, Aes, Generic, Des3 }.First(key => mechanism.Accepts(use, key.Class, key.Type, key.Bits).IsOk);

    /// <summary>A call with a parameter that the mechanism takes outside FIPS mode.</summary>
    /// <param name="mechanism">which</param>
    /// <param name="length">bytes of plaintext, for a mechanism that must be told</param>
    public static MechanismCall Call(Mechanism mechanism, int length = 32) => mechanism.Shape switch
    {
        ParameterShape.None => new(mechanism.Number),
        ParameterShape.Bytes => new(mechanism.Number, mechanism.Shape, Iv: new byte[mechanism.KeySizes == KeySizes.Des3 ? 8 : 16]),
        ParameterShape.Ctr => new(mechanism.Number, mechanism.Shape, Iv: Enumerable.Repeat((byte)7, 16).ToArray(), Bits: 64),
        ParameterShape.Ccm => new(mechanism.Number, mechanism.Shape, Iv: Enumerable.Repeat((byte)7, 11).ToArray(), Aad: new byte[5], Bits: 16, Length: (ulong)length),
        ParameterShape.Length => new(mechanism.Number, mechanism.Shape, Bits: 10),
        ParameterShape.Gcm when mechanism.Number >= 0x80000000 => new(mechanism.Number, mechanism.Shape, Aad: new byte[5], Bits: 128),
        ParameterShape.OptionalBytes => new(mechanism.Number),
        ParameterShape.Gcm => new(mechanism.Number, mechanism.Shape, Iv: Enumerable.Repeat((byte)7, 12).ToArray(), Aad: new byte[5], Bits: 128),
        ParameterShape.Pss => PssCall(mechanism),
        ParameterShape.Oaep => new(mechanism.Number, mechanism.Shape, Iv: "label"u8.ToArray(), Hash: 0x250, Mgf: 2),
        ParameterShape.Ecdh => new(mechanism.Number, mechanism.Shape, Iv: ((EcKey)P384.Public).Evp.ReadPoint(), Hash: 1),
        ParameterShape.Eddsa => new(mechanism.Number, mechanism.Shape),
        ParameterShape.Hkdf => new(mechanism.Number, mechanism.Shape, Iv: new byte[8], Aad: "info"u8.ToArray(), Bits: 3, Hash: 0x250, Mgf: 2),
        ParameterShape.Sp800108 => new(mechanism.Number, mechanism.Shape, Hash: 0x108A, Parts: [new(1, null, false, 32, 0), new(4, "label"u8.ToArray(), false, 0, 0)]),
        ParameterShape.Sp800108Feedback => new(mechanism.Number, mechanism.Shape, Hash: 0x108A, Parts: [new(1, null, false, 0, 0), new(4, "label"u8.ToArray(), false, 0, 0)]),
        ParameterShape.CloudHsmSp800108 => new(mechanism.Number, mechanism.Shape, Hash: 0x108A, Parts: [new(4, null, false, 32, 0), new(5, "label"u8.ToArray(), false, 0, 0)]),
        ParameterShape.SignContext when mechanism is MlDsaExternalMu => new(mechanism.Number, mechanism.Shape),
        ParameterShape.SignContext => new(mechanism.Number, mechanism.Shape, Iv: "context"u8.ToArray(), Hash: mechanism is HashMlDsa ? 0x250 : null),
        ParameterShape.Pbkdf2 => new(mechanism.Number, mechanism.Shape, Iv: new byte[16], Aad: "password"u8.ToArray(), Bits: 1000, Hash: 4),
        ParameterShape.RsaAesWrap => new(mechanism.Number, mechanism.Shape, Bits: 256, Hash: 0x250, Mgf: 2),
        _ => throw new NotSupportedException($"{mechanism}: this test does not know its parameter"),
    };

    /// <summary>Performs and returns what came out; fails the test on a refusal.</summary>
    public static byte[] Must(Mechanism mechanism, Use use, in MechanismCall call, KeyMaterial? key, byte[] data, byte[]? signature = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var done = mechanism.Perform(use, call, key, ClusterMode.NonFips, data, signature, output);
        Assert.True(done.IsOk, $"{mechanism} {use}: {done}");
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Performs and returns the code; nothing may have come out on a refusal.</summary>
    public static Rv Try(Mechanism mechanism, Use use, in MechanismCall call, KeyMaterial? key, byte[] data, byte[]? signature, out byte[] result, ClusterMode mode = ClusterMode.NonFips)
    {
        var output = new ArrayBufferWriter<byte>();
        var done = mechanism.Perform(use, call, key, mode, data, signature, output);
        result = output.WrittenSpan.ToArray();
        if (!done.IsOk)
        {
            Assert.Empty(result);
        }

        return done.Rv;
    }

    private static MechanismCall PssCall(Mechanism mechanism)
    {
        var (hash, mgf, size) = mechanism.Number switch
        {
            0xE => (0x220UL, 1UL, 20UL),
            0x47 => (0x255UL, 5UL, 28UL),
            0x44 => (0x260UL, 3UL, 48UL),
            0x45 => (0x270UL, 4UL, 64UL),
            0x63 => (0x2B0UL, 7UL, 32UL),
            0x64 => (0x2C0UL, 8UL, 48UL),
            0x65 => (0x2D0UL, 9UL, 64UL),
            0x67 => (0x2B5UL, 6UL, 28UL),
            _ => (0x250UL, 2UL, 32UL),
        };
        return new MechanismCall(mechanism.Number, ParameterShape.Pss, Bits: size, Hash: hash, Mgf: mgf);
    }
}
