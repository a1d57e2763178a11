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
        }

        tally.Close();
    }
}
