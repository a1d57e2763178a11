using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Wycheproof;

public sealed class EcTests(QuickstartDeployment deployment) : Suite(deployment)
{
    private const ulong ParameterInvalid = 0x71;

    [Theory]
    [InlineData("ecdsa_secp256r1_sha256_p1363")]
    [InlineData("ecdsa_secp384r1_sha384_p1363")]
    [InlineData("ecdsa_secp224r1_sha224_p1363")]
    [InlineData("ecdsa_secp521r1_sha512_p1363")]
    [InlineData("ecdsa_secp256k1_sha256_p1363")]
    public void Ecdsa_verification(string name)
    {
        using var file = new VectorFile(name);
        var tally = new Tally();
        foreach (var (group, vector) in file.Vectors)
        {
            var mechanism = new Mechanism(Ckm.EcdsaWith(group.GetProperty("sha").GetString()!));
            var parts = group.GetProperty("publicKey");
            var key = Import(
                CkAttribute.Of(Cka.Class, Ck.PublicKey), CkAttribute.Of(Cka.KeyType, Ck.Ec), CkAttribute.Of(Cka.Verify, true),
                CkAttribute.Of(Cka.EcParams, Curve(parts.GetProperty("curve").GetString()!)), CkAttribute.Of(Cka.EcPoint, OctetString(parts.Bytes("uncompressed"))));
            var rv = Token.Verify(mechanism, key, vector.Bytes("msg"), vector.Bytes("sig"));
            tally.Expect(vector, rv == Ck.Ok, $"verifying gave 0x{rv:X}");
        }

        tally.Close();
    }

    [Theory]
    [InlineData("ecdh_secp224r1_ecpoint")]
    [InlineData("ecdh_secp256r1_ecpoint")]
    [InlineData("ecdh_secp384r1_ecpoint")]
    [InlineData("ecdh_secp521r1_ecpoint")]
    public void Ecdh(string name)
    {
        using var file = new VectorFile(name);
        var tally = new Tally();
        foreach (var (group, vector) in file.Vectors)
        {
            var key = Import(
                CkAttribute.Of(Cka.Class, Ck.PrivateKey), CkAttribute.Of(Cka.KeyType, Ck.Ec), CkAttribute.Of(Cka.Derive, true),
                CkAttribute.Of(Cka.EcParams, Curve(group.GetProperty("curve").GetString()!)), CkAttribute.Of(Cka.Value, vector.Json.Integer("private")));
            var (rv, derived) = Token.Derive(Mechanism.Ecdh(vector.Bytes("public")), key, Readable(null));
            if (vector.HasFlag("CompressedPoint"))
            {
                // PKCS#11 lets a token refuse compressed points (6.3.1), and this one says CKF_EC_UNCOMPRESS alone.
                tally.ExpectRefusal(vector, rv == ParameterInvalid, $"deriving gave 0x{rv:X}");
                continue;
            }

            tally.Expect(vector, rv == Ck.Ok && Token.Read(Remember(derived), Cka.Value).SequenceEqual(vector.Bytes("shared")), $"deriving gave 0x{rv:X}");
        }

        tally.Close();
    }

    [Fact]
    public void Ed25519_verification()
    {
        using var file = new VectorFile("ed25519");
        var tally = new Tally();
        foreach (var (group, vector) in file.Vectors)
        {
            var parts = group.GetProperty("publicKey");
            var key = Import(
                CkAttribute.Of(Cka.Class, Ck.PublicKey), CkAttribute.Of(Cka.KeyType, Ck.EcEdwards), CkAttribute.Of(Cka.Verify, true),
                CkAttribute.Of(Cka.EcParams, Curve(parts.GetProperty("curve").GetString()!)), CkAttribute.Of(Cka.EcPoint, OctetString(parts.Bytes("pk"))));
            var rv = Token.Verify(new Mechanism(Ckm.Eddsa), key, vector.Bytes("msg"), vector.Bytes("sig"));
            tally.Expect(vector, rv == Ck.Ok, $"verifying gave 0x{rv:X}");
        }

        tally.Close();
    }

    [Fact]
    public void X25519()
    {
        using var file = new VectorFile("x25519");
        var tally = new Tally();
        foreach (var (group, vector) in file.Vectors)
        {
            var key = Import(
                CkAttribute.Of(Cka.Class, Ck.PrivateKey), CkAttribute.Of(Cka.KeyType, Ck.EcMontgomery), CkAttribute.Of(Cka.Derive, true),
                CkAttribute.Of(Cka.EcParams, Curve(group.GetProperty("curve").GetString()!)), CkAttribute.Of(Cka.Value, vector.Bytes("private")));
            var (rv, derived) = Token.Derive(Mechanism.Ecdh(vector.Bytes("public")), key, Readable(null));
            if (vector.HasFlag("ZeroSharedSecret"))
            {
                tally.ExpectRefusal(vector, rv == ParameterInvalid, $"deriving gave 0x{rv:X}");   // RFC 7748 6.1 lets it be refused
                continue;
            }

            // On a twist or not canonical: what is accepted must be right.
            var right = rv == Ck.Ok && Token.Read(Remember(derived), Cka.Value).SequenceEqual(vector.Bytes("shared"));
            tally.ExpectRefusal(vector, right, $"deriving gave 0x{rv:X}");
            tally.Expect(vector, right, $"deriving gave 0x{rv:X}");
        }

        tally.Close();
    }

    private static byte[] Curve(string name) => name switch
    {
        "secp224r1" => [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x21],
        "secp256r1" => [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07],
        "secp384r1" => [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22],
        "secp521r1" => [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23],
        "secp256k1" => [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x0A],
        "edwards25519" => [0x06, 0x03, 0x2B, 0x65, 0x70],
        "curve25519" => [0x06, 0x03, 0x2B, 0x65, 0x6E],
        _ => throw new NotSupportedException(name),
    };

    private static byte[] OctetString(byte[] value) => value.Length < 128 ? [0x04, (byte)value.Length, .. value] : [0x04, 0x81, (byte)value.Length, .. value];
}
