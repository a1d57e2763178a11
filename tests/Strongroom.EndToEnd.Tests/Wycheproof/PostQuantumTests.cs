using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Wycheproof;

public sealed class PostQuantumTests(QuickstartDeployment deployment) : Suite(deployment)
{
    [Theory]
    [InlineData("mldsa_44_verify", 1)]
    [InlineData("mldsa_65_verify", 2)]
    public void Ml_dsa_verification(string name, ulong set)
    {
        using var file = new VectorFile(name);
        var tally = new Tally();
        foreach (var (group, vector) in file.Vectors)
        {
            var key = MlDsaPublic(set, group.Bytes("publicKey"));
            var rv = Token.Verify(MlDsa(vector), key, vector.Bytes("msg"), vector.Bytes("sig"));
            tally.Expect(vector, rv == Ck.Ok, $"verifying gave 0x{rv:X}");
        }

        tally.Close();
    }

    [Fact]
    public void Ml_dsa_signing()
    {
        using var file = new VectorFile("mldsa_44_sign_seed");
        var tally = new Tally();
        foreach (var (group, vector) in file.Vectors.Where(one => one.Vector.Json.TryGetProperty("msg", out _)))
        {
            var key = Import(
                CkAttribute.Of(Cka.Class, Ck.PrivateKey), CkAttribute.Of(Cka.KeyType, Ck.MlDsa), CkAttribute.Of(Cka.Sign, true), CkAttribute.Of(Cka.ParameterSet, 1UL),
                CkAttribute.Of(Cka.Seed, group.Bytes("privateSeed")));
            var (rv, signature) = Token.Sign(MlDsa(vector), key, vector.Bytes("msg"));
            if (vector.Json.TryGetProperty("rnd", out _))
            {
                // PKCS#11 can't be told which random bytes to draw; the signature that they gave must verify all the same.
                var publicKey = MlDsaPublic(1, group.Bytes("publicKey"));
                tally.Expect(vector, Token.Verify(MlDsa(vector), publicKey, vector.Bytes("msg"), vector.Bytes("sig")) == Ck.Ok, "verifying failed");
                continue;
            }

            tally.Expect(vector, rv == Ck.Ok && signature.SequenceEqual(vector.Bytes("sig")), $"signing gave 0x{rv:X} or something else");
        }

        tally.Close();
    }

    [Theory]
    [InlineData("mlkem_512", 1, 800)]
    [InlineData("mlkem_768", 2, 1184)]
    public void Ml_kem(string name, ulong set, int publicKeySize)
    {
        using var file = new VectorFile(name);
        var tally = new Tally();
        foreach (var (_, vector) in file.Vectors)
        {
            var key = Import(
                CkAttribute.Of(Cka.Class, Ck.PrivateKey), CkAttribute.Of(Cka.KeyType, Ck.MlKem), CkAttribute.Of(Cka.Decapsulate, true), CkAttribute.Of(Cka.ParameterSet, set),
                CkAttribute.Of(Cka.Seed, vector.Bytes("seed")), CkAttribute.Of(Cka.Sensitive, false), CkAttribute.Of(Cka.Extractable, true));
            var (rv, shared) = Token.Decapsulate(new Mechanism(Ckm.MlKem), key, vector.Bytes("c"), Readable(null));
            var right = rv == Ck.Ok && Token.Read(Remember(shared), Cka.Value).SequenceEqual(vector.Bytes("K"));

            // The decapsulation key ends with the encapsulation key, its hash and z (FIPS 203, algorithm 16).
            right = right && (!vector.Json.TryGetProperty("ek", out _) || Token.Read(key, Cka.Value).AsSpan()[^(publicKeySize + 64)..^64].SequenceEqual(vector.Bytes("ek")));
            tally.Expect(vector, right, $"decapsulating gave 0x{rv:X}");
        }

        tally.Close();
    }

    private ulong MlDsaPublic(ulong set, byte[] value) => Import(
        CkAttribute.Of(Cka.Class, Ck.PublicKey), CkAttribute.Of(Cka.KeyType, Ck.MlDsa), CkAttribute.Of(Cka.Verify, true), CkAttribute.Of(Cka.ParameterSet, set), CkAttribute.Of(Cka.Value, value));

    private static Mechanism MlDsa(Vector vector) => Mechanism.WithContext(Ckm.MlDsa, vector.Json.TryGetProperty("ctx", out _) ? vector.Bytes("ctx") : [], deterministic: true);
}
