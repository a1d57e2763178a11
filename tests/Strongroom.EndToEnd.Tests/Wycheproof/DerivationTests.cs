using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Wycheproof;

public sealed class DerivationTests(QuickstartDeployment deployment) : Suite(deployment)
{
    // CloudHSM's longest generic secret, which is ours too.
    private const int LongestSecret = 800;
    private const ulong KeySizeRange = 0x62;

    [Theory]
    [InlineData("hkdf_sha1", "SHA-1")]
    [InlineData("hkdf_sha256", "SHA-256")]
    [InlineData("hkdf_sha512", "SHA-512")]
    public void Hkdf(string name, string hash)
    {
        using var file = new VectorFile(name);
        var tally = new Tally();
        foreach (var (_, vector) in file.Vectors)
        {
            var key = Secret(Ck.GenericSecret, vector.Bytes("ikm"), Cka.Derive);
            var size = vector.Json.GetProperty("size").GetInt32();
            var (rv, derived) = Token.Derive(Mechanism.Hkdf(hash, vector.Bytes("salt"), vector.Bytes("info")), key, Readable(size));
            if (size > LongestSecret)
            {
                tally.ExpectRefusal(vector, rv == KeySizeRange, $"deriving gave 0x{rv:X}");
                continue;
            }

            tally.Expect(vector, rv == Ck.Ok && Token.Read(Remember(derived), Cka.Value).SequenceEqual(vector.Bytes("okm")), $"deriving gave 0x{rv:X}");
            if (vector.Bytes("salt") is { Length: > 0 } salt)
            {
                var (made, saltKey) = Token.Create(
                    CkAttribute.Of(Cka.Class, Ck.SecretKey), CkAttribute.Of(Cka.KeyType, Ck.GenericSecret), CkAttribute.Of(Cka.Value, salt), CkAttribute.Of(Cka.Derive, true), CkAttribute.Of(Cka.Token, false));
                Assert.Equal(Ck.Ok, made);
                (rv, derived) = Token.Derive(Mechanism.Hkdf(hash, Remember(saltKey), vector.Bytes("info")), key, Readable(size));
                tally.Expect(vector, rv == Ck.Ok && Token.Read(Remember(derived), Cka.Value).SequenceEqual(vector.Bytes("okm")), $"deriving with a salt key gave 0x{rv:X}");
            }
        }

        tally.Close();
    }

    [Theory]
    [InlineData("pbkdf2_hmacsha1", 1)]
    [InlineData("pbkdf2_hmacsha256", 4)]
    public void Pbkdf2(string name, int function) => Derive(name, function, vector => !vector.HasFlag("LargeIterationCount"));

    /// <summary>Sixteen million iterations take seconds.</summary>
    [Fact(Explicit = true)]
    public void Pbkdf2_with_many_iterations() => Derive("pbkdf2_hmacsha1", 1, vector => vector.HasFlag("LargeIterationCount"));

    private void Derive(string name, int function, Func<Vector, bool> chosen)
    {
        using var file = new VectorFile(name);
        var tally = new Tally();
        foreach (var (_, vector) in file.Vectors.Where(one => chosen(one.Vector)))
        {
            Forget();
            var (rv, derived) = Token.Generate(
                Mechanism.Pbkdf2(function, vector.Bytes("password"), vector.Bytes("salt"), vector.Json.GetProperty("iterationCount").GetInt32()), Readable(vector.Json.GetProperty("dkLen").GetInt32()));
            tally.Expect(vector, rv == Ck.Ok && Token.Read(Remember(derived), Cka.Value).SequenceEqual(vector.Bytes("dk")), $"deriving gave 0x{rv:X}");
        }

        tally.Close();
    }
}
