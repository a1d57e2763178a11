using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Wycheproof;

public sealed class MacTests(QuickstartDeployment deployment) : Suite(deployment)
{
    [Theory]
    [InlineData("hmac_sha1", 20)]
    [InlineData("hmac_sha224", 28)]
    [InlineData("hmac_sha256", 32)]
    [InlineData("hmac_sha384", 48)]
    [InlineData("hmac_sha512", 64)]
    [InlineData("hmac_sha3_256", 32)]
    [InlineData("hmac_sha3_512", 64)]
    public void Hmac(string name, int full)
    {
        using var file = new VectorFile(name);
        Mac(file, Ck.GenericSecret, Ckm.Hmac(file.Algorithm), full);
    }

    [Fact]
    public void Aes_cmac()
    {
        using var file = new VectorFile("aes_cmac");
        Mac(file, Ck.Aes, Ckm.AesCmac, 16);
    }

    // A shorter tag is the business of the general-length mechanism, whose number is one higher.
    private void Mac(VectorFile file, ulong keyType, ulong number, int full)
    {
        var tally = new Tally();
        foreach (var (group, vector) in file.Vectors)
        {
            var size = group.GetProperty("tagSize").GetInt32() / 8;
            var mechanism = size == full ? new Mechanism(number) : Mechanism.WithLength(number + 1, size);
            var key = Secret(keyType, vector.Bytes("key"), Cka.Sign, Cka.Verify);
            var rv = Token.Verify(mechanism, key, vector.Bytes("msg"), vector.Bytes("tag"));
            tally.Expect(vector, rv == Ck.Ok, $"verifying gave 0x{rv:X}");
            if (vector.IsValid)
            {
                tally.Expect(vector, Token.Sign(mechanism, key, vector.Bytes("msg")).Output.SequenceEqual(vector.Bytes("tag")), "signing gave something else");
            }
        }

        tally.Close();
    }
}
