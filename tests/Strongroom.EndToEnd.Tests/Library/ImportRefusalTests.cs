using System.Security.Cryptography;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;
using Strongroom.EndToEnd.Tests.Wycheproof;

namespace Strongroom.EndToEnd.Tests.Library;

/// <summary>Keys from outside that are weak, wrong or do not fit together: refused by C_CreateObject with the standard's code, and nothing stored.</summary>
public sealed class ImportRefusalTests(QuickstartDeployment deployment) : Suite(deployment)
{
    private const ulong AttributeValueInvalid = 0x13, KeySizeRange = 0x62, TemplateIncomplete = 0xD0, CurveNotSupported = 0x140;
    private static readonly byte[] P256 = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
    private static readonly byte[] P384 = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22];
    private static readonly byte[] OrderOfP256 = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    [Fact]
    public void An_rsa_key_with_any_number_changed_or_missing_is_refused()
    {
        using var rsa = RSA.Create(2048);
        var numbers = Numbers(rsa.ExportParameters(includePrivateParameters: true));
        var before = Token.CountObjects();
        Assert.Equal(Ck.Ok, Create(Ck.PrivateKey, Ck.Rsa, numbers));
        foreach (var number in numbers)
        {
            var changed = (byte[])number.Value.Clone();
            changed[^1] ^= number.Type == Cka.Modulus ? (byte)1 : (byte)2;
            Assert.Equal(AttributeValueInvalid, Create(Ck.PrivateKey, Ck.Rsa, [.. numbers.Where(one => one.Type != number.Type), CkAttribute.Of(number.Type, changed)]));
            Assert.Equal(TemplateIncomplete, Create(Ck.PrivateKey, Ck.Rsa, [.. numbers.Where(one => one.Type != number.Type)]));
        }

        Assert.Equal(before, Token.CountObjects());
    }

    [Fact]
    public void Weak_and_impossible_keys_are_refused()
    {
        using var rsa = RSA.Create(2048);
        using var small = RSA.Create(1024);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (modulus, shortModulus, q) = (rsa.ExportParameters(false).Modulus!, small.ExportParameters(false).Modulus!, ec.ExportParameters(false).Q);
        byte[] point = [4, .. q.X!, .. q.Y!], offCurve = [.. point[..^1], (byte)(point[^1] ^ 1)], compressed = [(byte)(2 + (q.Y![^1] & 1)), .. q.X!];
        byte[] edwards = [0x06, 0x03, 0x2B, 0x65, 0x70];
        (string What, ulong Class, ulong Type, CkAttribute[] Template, ulong Rv)[] rows =
        [
            ("an even exponent", Ck.PublicKey, Ck.Rsa, [CkAttribute.Of(Cka.Modulus, modulus), CkAttribute.Of(Cka.PublicExponent, [1, 0, 0])], AttributeValueInvalid),
            ("an exponent of 1", Ck.PublicKey, Ck.Rsa, [CkAttribute.Of(Cka.Modulus, modulus), CkAttribute.Of(Cka.PublicExponent, [1])], AttributeValueInvalid),
            ("an even modulus", Ck.PublicKey, Ck.Rsa, [CkAttribute.Of(Cka.Modulus, [.. modulus[..^1], 2]), CkAttribute.Of(Cka.PublicExponent, [1, 0, 1])], AttributeValueInvalid),
            ("a modulus of 1024 bits", Ck.PublicKey, Ck.Rsa, [CkAttribute.Of(Cka.Modulus, shortModulus), CkAttribute.Of(Cka.PublicExponent, [1, 0, 1])], KeySizeRange),
            ("a scalar of 0", Ck.PrivateKey, Ck.Ec, [CkAttribute.Of(Cka.EcParams, P256), CkAttribute.Of(Cka.Value, new byte[32])], AttributeValueInvalid),
            ("a scalar that is the order", Ck.PrivateKey, Ck.Ec, [CkAttribute.Of(Cka.EcParams, P256), CkAttribute.Of(Cka.Value, OrderOfP256)], AttributeValueInvalid),
            ("a scalar longer than the order", Ck.PrivateKey, Ck.Ec, [CkAttribute.Of(Cka.EcParams, P256), CkAttribute.Of(Cka.Value, [1, .. new byte[32]])], AttributeValueInvalid),
            ("a scalar with another's point", Ck.PrivateKey, Ck.Ec, [CkAttribute.Of(Cka.EcParams, P256), CkAttribute.Of(Cka.Value, [5]), CkAttribute.Of(Cka.EcPoint, point)], AttributeValueInvalid),
            ("a point off the curve", Ck.PublicKey, Ck.Ec, [CkAttribute.Of(Cka.EcParams, P256), CkAttribute.Of(Cka.EcPoint, offCurve)], AttributeValueInvalid),
            ("the point at infinity", Ck.PublicKey, Ck.Ec, [CkAttribute.Of(Cka.EcParams, P256), CkAttribute.Of(Cka.EcPoint, [0])], AttributeValueInvalid),
            ("a compressed point", Ck.PublicKey, Ck.Ec, [CkAttribute.Of(Cka.EcParams, P256), CkAttribute.Of(Cka.EcPoint, compressed)], AttributeValueInvalid),
            ("another curve's point", Ck.PublicKey, Ck.Ec, [CkAttribute.Of(Cka.EcParams, P384), CkAttribute.Of(Cka.EcPoint, point)], AttributeValueInvalid),
            ("a curve that nobody has", Ck.PublicKey, Ck.Ec, [CkAttribute.Of(Cka.EcParams, [6, 1, 1]), CkAttribute.Of(Cka.EcPoint, point)], CurveNotSupported),
            ("31 bytes of Ed25519", Ck.PrivateKey, Ck.EcEdwards, [CkAttribute.Of(Cka.EcParams, edwards), CkAttribute.Of(Cka.Value, new byte[31])], AttributeValueInvalid),
            ("P-256 as Ed25519", Ck.PublicKey, Ck.EcEdwards, [CkAttribute.Of(Cka.EcParams, P256), CkAttribute.Of(Cka.EcPoint, new byte[32])], CurveNotSupported),
            ("an AES key of 15 bytes", Ck.SecretKey, Ck.Aes, [CkAttribute.Of(Cka.Value, new byte[15])], AttributeValueInvalid),
            ("a generic secret of 801 bytes", Ck.SecretKey, Ck.GenericSecret, [CkAttribute.Of(Cka.Value, new byte[801])], AttributeValueInvalid),
            ("a secret with another length", Ck.SecretKey, Ck.GenericSecret, [CkAttribute.Of(Cka.Value, new byte[16]), CkAttribute.Of(Cka.ValueLen, 17UL)], AttributeValueInvalid),
            ("a wrong check value", Ck.SecretKey, Ck.Aes, [CkAttribute.Of(Cka.Value, new byte[16]), CkAttribute.Of(0x90, [1, 2, 3])], AttributeValueInvalid),
            ("a seed of 31 bytes", Ck.PrivateKey, Ck.MlDsa, [CkAttribute.Of(Cka.ParameterSet, 1UL), CkAttribute.Of(Cka.Seed, new byte[31])], AttributeValueInvalid),
            ("no seed and no value", Ck.PrivateKey, Ck.MlDsa, [CkAttribute.Of(Cka.ParameterSet, 1UL)], TemplateIncomplete),
            ("a seed with another's value", Ck.PrivateKey, Ck.MlDsa, [CkAttribute.Of(Cka.ParameterSet, 1UL), CkAttribute.Of(Cka.Seed, new byte[32]), CkAttribute.Of(Cka.Value, new byte[2560])], AttributeValueInvalid),
            ("coefficients that are not reduced", Ck.PublicKey, Ck.MlKem, [CkAttribute.Of(Cka.ParameterSet, 1UL), CkAttribute.Of(Cka.Value, [.. Enumerable.Repeat((byte)0xFF, 800)])], AttributeValueInvalid),
        ];
        var before = Token.CountObjects();
        var wrong = rows.Select(row => (row.What, row.Rv, Was: Create(row.Class, row.Type, row.Template))).Where(row => row.Rv != row.Was).Select(row => $"{row.What}: 0x{row.Was:X}, not 0x{row.Rv:X}");
        Assert.Empty(wrong);
        Assert.Equal(before, Token.CountObjects());
    }

    private ulong Create(ulong objectClass, ulong type, CkAttribute[] template)
    {
        var (rv, handle) = Token.Create([CkAttribute.Of(Cka.Class, objectClass), CkAttribute.Of(Cka.KeyType, type), CkAttribute.Of(Cka.Token, false), .. template]);
        if (rv == Ck.Ok)
        {
            Token.Destroy(handle);
        }

        return rv;
    }

    private static CkAttribute[] Numbers(RSAParameters key) =>
    [
        CkAttribute.Of(Cka.Modulus, key.Modulus!), CkAttribute.Of(Cka.PublicExponent, key.Exponent!), CkAttribute.Of(Cka.PrivateExponent, key.D!), CkAttribute.Of(Cka.Prime1, key.P!), CkAttribute.Of(Cka.Prime2, key.Q!),
        CkAttribute.Of(Cka.Exponent1, key.DP!), CkAttribute.Of(Cka.Exponent2, key.DQ!), CkAttribute.Of(Cka.Coefficient, key.InverseQ!),
    ];
}
