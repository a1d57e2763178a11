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
    private static bool IsOurSize(JsonElement group) => group.GetProperty("keySize").GetInt32() is var bits && bits >= 2048 && bits % 256 == 0;

    private static bool HashIsKnown(string name) => name is "SHA-1" or "SHA-224" or "SHA-256" or "SHA-384" or "SHA-512" or "SHA3-256" or "SHA3-512";
}
