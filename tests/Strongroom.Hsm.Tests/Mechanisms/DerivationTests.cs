using System.Diagnostics;
using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Tests.Mechanisms;

/// <summary>What is derived is what other implementations derive: .NET's ECDH, and the KBKDF of the openssl program.</summary>
public sealed class DerivationTests
{
    public static TheoryData<string> Curves => [.. EcCurve.All.Select(curve => curve.Name)];

    [Theory]
    [MemberData(nameof(Curves))]
    public void Both_sides_of_an_agreement_derive_the_same(string name)
    {
        var curve = EcCurve.All.Single(curve => curve.Name == name);
        var one = TestKeys.Pair(0x1040, new RawAttribute(AttributeType.EcParams, curve.Oid));
        var other = TestKeys.Pair(0x1040, new RawAttribute(AttributeType.EcParams, curve.Oid));
        foreach (var (function, length) in new[] { (1UL, 16), (1UL, curve.Size), (6UL, 32), (8UL, 100), (0xBUL, 24) })
        {
            var target = new KeyTarget(ObjectClass.SecretKey, KeyType.GenericSecret, length);
            var mine = Must(0x1050, Ecdh(other.Public, function), one.Private, target);
            Assert.Equal(mine, Must(0x1050, Ecdh(one.Public, function), other.Private, target));
            Assert.Equal(mine, Must(0x1051, Ecdh(one.Public, function), other.Private, target));
            Assert.Equal(length, mine.Length);
        }
    }

    [Fact]
    public void The_x963_function_is_the_one_of_sec_1()
    {
        using var theirs = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var q = theirs.PublicKey.ExportParameters().Q;
        var call = new MechanismCall(0x1050, ParameterShape.Ecdh, Iv: (byte[])[4, .. q.X!, .. q.Y!], Aad: "shared"u8.ToArray(), Hash: 6);
        var point = ((EcKey)TestKeys.P256.Public).Evp.ReadPoint();
        using var ours = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
        var expected = theirs.DeriveKeyFromHash(ours.PublicKey, HashAlgorithmName.SHA256, null, [0, 0, 0, 1, .. "shared"u8]);
        Assert.Equal(expected, Must(0x1050, call, TestKeys.P256.Private, new(ObjectClass.SecretKey, KeyType.Aes, 32)));
    }

    [Fact]
    public void Without_a_function_the_key_is_the_end_of_the_shared_secret()
    {
        var whole = Must(0x1050, Ecdh(TestKeys.P256.Public, 1), TestKeys.P256.Private, new(ObjectClass.SecretKey, KeyType.GenericSecret));
        Assert.Equal(32, whole.Length);
        Assert.Equal(whole[8..], Must(0x1050, Ecdh(TestKeys.P256.Public, 1), TestKeys.P256.Private, new(ObjectClass.SecretKey, KeyType.Des3)));
    }

    [Fact]
    public void A_point_that_is_not_on_the_curve_is_refused()
    {
        var point = ((EcKey)TestKeys.P256.Public).Evp.ReadPoint();
        point[40] ^= 1;
        var call = new MechanismCall(0x1050, ParameterShape.Ecdh, Iv: point, Hash: 1);
        Assert.Equal(Rv.MechanismParamInvalid, MechanismCatalog.Find(0x1050)!.Derive(call, TestKeys.P256.Private, new(ObjectClass.SecretKey, KeyType.GenericSecret), ClusterMode.NonFips).Rv);
        Assert.Equal(
            Rv.MechanismParamInvalid,
            MechanismCatalog.Find(0x1050)!.Derive(Ecdh(TestKeys.P384.Public, 1), TestKeys.P256.Private, new(ObjectClass.SecretKey, KeyType.GenericSecret), ClusterMode.NonFips).Rv);
    }

    [Theory]
    [InlineData(KeyType.Aes, 17, Rv.KeySizeRange)]
    [InlineData(KeyType.Aes, null, Rv.TemplateIncomplete)]
    [InlineData(KeyType.GenericSecret, 801, Rv.KeySizeRange)]
    [InlineData(KeyType.Rsa, 32, Rv.AttributeValueInvalid)]
    public void A_key_that_can_not_be_is_not_derived(KeyType type, int? length, Rv expected)
    {
        var call = TestKeys.Call(MechanismCatalog.Find(0x402A)!);
        Assert.Equal(expected, MechanismCatalog.Find(0x402A)!.Derive(call, TestKeys.Generic, new(ObjectClass.SecretKey, type, length), ClusterMode.NonFips).Rv);
    }

    // openssl's KBKDF lays its fields out as [i]32 || label || 0 || context || [L]32 (SP 800-108 4.1, 4.2).
    [Theory]
    [InlineData(0x251UL, "SHA256", 32)]
    [InlineData(0x251UL, "SHA256", 100)]
    [InlineData(0x271UL, "SHA512", 40)]
    [InlineData(0x108AUL, "", 48)]
    public void The_counter_function_is_openssl_s(ulong prf, string hash, int length)
    {
        var parts = new DerivationPart[] { new(1, null, false, 32, 0), Bytes("label"u8), Bytes([0]), Bytes("context"u8), new(3, null, false, 32, 1) };
        var call = new MechanismCall(0x3AC, ParameterShape.Sp800108, Hash: prf, Parts: parts);
        Assert.Equal(OpenSsl("counter", hash, length), Must(0x3AC, call, KeyOf(prf), new(ObjectClass.SecretKey, KeyType.GenericSecret, length)));
    }

    [Theory]
    [InlineData(0x251UL, "SHA256", 100)]
    [InlineData(0x108AUL, "", 48)]
    public void The_feedback_function_is_openssl_s(ulong prf, string hash, int length)
    {
        var parts = new DerivationPart[] { new(1, null, false, 0, 0), new(2, null, false, 32, 0), Bytes("label"u8), Bytes([0]), Bytes("context"u8), new(3, null, false, 32, 1) };
        var call = new MechanismCall(0x3AD, ParameterShape.Sp800108Feedback, Iv: Array.Empty<byte>(), Hash: prf, Parts: parts);
        Assert.Equal(OpenSsl("feedback", hash, length), Must(0x3AD, call, KeyOf(prf), new(ObjectClass.SecretKey, KeyType.GenericSecret, length)));
    }

    [Fact]
    public void A_layout_that_repeats_or_lacks_its_counter_is_refused()
    {
        var counter = new DerivationPart(1, null, false, 32, 0);
        foreach (var parts in new DerivationPart[][] { [], [Bytes("label"u8)], [counter, counter], [counter with { WidthInBits = 12 }], [counter, new(3, null, false, 32, 9)], [counter, new(99, null, false, 32, 0)] })
        {
            var call = new MechanismCall(0x3AC, ParameterShape.Sp800108, Hash: 0x251, Parts: parts);
            Assert.Equal(Rv.MechanismParamInvalid, MechanismCatalog.Find(0x3AC)!.Check(Use.Derive, call, TestKeys.Generic, ClusterMode.NonFips).Rv);
        }

        // A counter of 8 bits ends after 255 blocks.
        var narrow = new MechanismCall(0x3AC, ParameterShape.Sp800108, Hash: 0x221, Parts: [counter with { WidthInBits = 8 }]);
        Assert.Equal(800, Must(0x3AC, narrow, TestKeys.Generic, new(ObjectClass.SecretKey, KeyType.GenericSecret, 800)).Length);
    }

    private static MechanismCall Ecdh(KeyMaterial peer, ulong function) => new(0x1050, ParameterShape.Ecdh, Iv: ((EcKey)peer).Evp.ReadPoint(), Hash: function);

    private static DerivationPart Bytes(ReadOnlySpan<byte> value) => new(4, value.ToArray(), false, 0, 0);

    private static SecretKey KeyOf(ulong prf) => prf == 0x108A ? TestKeys.Aes : TestKeys.Generic;

    private static byte[] Must(ulong number, MechanismCall call, KeyMaterial key, KeyTarget target)
    {
        using var derived = MechanismCatalog.Find(number)!.Derive(call with { Number = number }, key, target, ClusterMode.NonFips).Value;
        return ((SecretKey)derived).Value.ToArray();
    }

    private static byte[] OpenSsl(string mode, string hash, int length)
    {
        string[] function = hash.Length > 0 ? ["-kdfopt", "mac:HMAC", "-kdfopt", $"digest:{hash}"] : ["-kdfopt", "mac:CMAC", "-kdfopt", "cipher:AES-256-CBC"];
        var key = Convert.ToHexString(TestKeys.Generic.Value);   // the test's AES key has the same bytes
        string[] arguments = ["kdf", "-keylen", $"{length}", "-binary", .. function, "-kdfopt", $"mode:{mode}", "-kdfopt", $"hexkey:{key}", "-kdfopt", "salt:label", "-kdfopt", "info:context", "KBKDF"];
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true })!;
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }
}
