using System.Formats.Asn1;
using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Wycheproof;

public sealed class RsaTests(QuickstartDeployment deployment) : Suite(deployment)
{
    [Theory]
    [InlineData("rsa_signature_2048_sha224")]
    [InlineData("rsa_signature_2048_sha256")]
    [InlineData("rsa_signature_3072_sha384")]
    [InlineData("rsa_signature_4096_sha512")]
    [InlineData("rsa_signature_2048_sha3_256")]
    public void Pkcs1_verification(string name) => Verify(name, g => new Mechanism(Ckm.RsaPkcsWith(g.GetProperty("sha").GetString()!)));

    [Theory]
    [InlineData("rsa_pss_2048_sha1_mgf1_20")]
    [InlineData("rsa_pss_2048_sha256_mgf1_0")]
    [InlineData("rsa_pss_2048_sha256_mgf1_32")]
    [InlineData("rsa_pss_3072_sha256_mgf1_32")]
    [InlineData("rsa_pss_4096_sha512_mgf1_32")]
    [InlineData("rsa_pss_misc")]
    public void Pss_verification(string name) => Verify(name, g =>
    {
        var hash = g.GetProperty("sha").GetString()!;
        return HashIsKnown(hash) ? Mechanism.Pss(Ckm.RsaPssWith(hash), hash, g.GetProperty("mgfSha").GetString()!, g.GetProperty("sLen").GetInt32()) : null;
    });

    [Theory]
    [InlineData("rsa_oaep_2048_sha1_mgf1sha1")]
    [InlineData("rsa_oaep_2048_sha256_mgf1sha1")]
    [InlineData("rsa_oaep_2048_sha256_mgf1sha256")]
    [InlineData("rsa_oaep_3072_sha512_mgf1sha512")]
    [InlineData("rsa_oaep_misc")]
    public void Oaep_decryption(string name) => Decrypt(name, (g, v) => Mechanism.Oaep(g.GetProperty("sha").GetString()!, g.GetProperty("mgfSha").GetString()!, v.Bytes("label")));

    /// <summary>Checking an imported key of 8192 bits takes seconds.</summary>
    [Fact(Explicit = true)]
    public void Oaep_decryption_at_8192_bits() =>
        Decrypt("rsa_oaep_misc", (g, v) => Mechanism.Oaep(g.GetProperty("sha").GetString()!, g.GetProperty("mgfSha").GetString()!, v.Bytes("label")), g => g.GetProperty("keySize").GetInt32() == 8192);

    [Fact]
    public void Pkcs1_decryption() => Decrypt("rsa_pkcs1_2048", (_, _) => new Mechanism(Ckm.RsaPkcs));

    [Fact]
    public void Pkcs1_signing()
    {
        using var file = new VectorFile("rsa_pkcs1_2048_sig_gen");
        var tally = new Tally();
        foreach (var group in file.Groups.Where(IsOurSize))
        {
            var key = PrivateKey(group, Cka.Sign);
            var mechanism = new Mechanism(Ckm.RsaPkcsWith(group.GetProperty("sha").GetString()!));
            foreach (var vector in VectorFile.VectorsOf(group))
            {
                var (rv, signature) = Token.Sign(mechanism, key, vector.Bytes("msg"));
                tally.Expect(vector, signature.SequenceEqual(vector.Bytes("sig")), $"signing gave 0x{rv:X} or something else");
            }
        }

        tally.Close();
    }

    private void Decrypt(string name, Func<JsonElement, Vector, Mechanism> mechanismOf, Func<JsonElement, bool>? chosen = null)
    {
        using var file = new VectorFile(name);
        var tally = new Tally();
        // The HSM checks a key that comes in, which takes longer than to use it, and many groups have the same.
        foreach (var groups in file.Groups.Where(chosen ?? IsOurSize).GroupBy(group => group.GetProperty("privateKeyPkcs8").GetString()))
        {
            var key = PrivateKey(groups.First(), Cka.Decrypt);
            foreach (var (group, vector) in groups.SelectMany(VectorFile.VectorsOf, (group, vector) => (group, vector)))
            {
                var (rv, output) = Token.Decrypt(mechanismOf(group, vector), key, vector.Bytes("ct"));
                tally.Expect(vector, rv == Ck.Ok && output.SequenceEqual(vector.Bytes("msg")), $"decrypting gave 0x{rv:X}");
            }
        }

        tally.Close();
    }

    private ulong PrivateKey(JsonElement group, ulong use)
    {
        // PrivateKeyInfo around RSAPrivateKey (RFC 5958, RFC 8017 A.1.2); .NET's own reader refuses primes of unequal length.
        var info = new AsnReader(group.Bytes("privateKeyPkcs8"), AsnEncodingRules.DER).ReadSequence();
        info.ReadInteger();
        info.ReadSequence();
        var numbers = new AsnReader(info.ReadOctetString(), AsnEncodingRules.DER).ReadSequence();
        numbers.ReadInteger();
        ulong[] order = [Cka.Modulus, Cka.PublicExponent, Cka.PrivateExponent, Cka.Prime1, Cka.Prime2, Cka.Exponent1, Cka.Exponent2, Cka.Coefficient];
        return Import([
            CkAttribute.Of(Cka.Class, Ck.PrivateKey), CkAttribute.Of(Cka.KeyType, Ck.Rsa), CkAttribute.Of(use, true),
            .. order.Select(attribute => CkAttribute.Of(attribute, numbers.ReadIntegerBytes().ToArray())),
        ]);
    }

    private void Verify(string name, Func<JsonElement, Mechanism?> mechanismOf)
    {
        using var file = new VectorFile(name);
        var tally = new Tally();
        foreach (var (group, vector) in file.Vectors)
        {
            if (mechanismOf(group) is not { } mechanism || !IsOurSize(group))
            {
                continue;
            }

            var parts = group.GetProperty("publicKey");
            var key = Import(
                CkAttribute.Of(Cka.Class, Ck.PublicKey), CkAttribute.Of(Cka.KeyType, Ck.Rsa), CkAttribute.Of(Cka.Verify, true),
                CkAttribute.Of(Cka.Modulus, parts.Integer("modulus")), CkAttribute.Of(Cka.PublicExponent, parts.Integer("publicExponent")));
            var rv = Token.Verify(mechanism, key, vector.Bytes("msg"), vector.Bytes("sig"));
            tally.Expect(vector, rv == Ck.Ok, $"verifying gave 0x{rv:X}");
        }

        tally.Close();
    }

    // Smaller keys, and sizes between the steps of 256 bits, are not ours: the HSM refuses them.
    private static bool IsOurSize(JsonElement group) => group.GetProperty("keySize").GetInt32() is var bits && bits is >= 2048 and <= 4096 && bits % 256 == 0;

    private static bool HashIsKnown(string name) => name is "SHA-1" or "SHA-224" or "SHA-256" or "SHA-384" or "SHA-512" or "SHA3-256" or "SHA3-512";
}
