using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Wycheproof;

public sealed class AesTests(QuickstartDeployment deployment) : Suite(deployment)
{
    // libcrypto takes no longer IV; the HSM says so instead of computing something else.
    private const int LongestIv = 128;
    private const ulong ParameterInvalid = 0x71;

    [Fact]
    public void Aes_cbc_pad()
    {
        using var file = new VectorFile("aes_cbc_pkcs5");
        var tally = new Tally();
        foreach (var (_, vector) in file.Vectors)
        {
            var key = Secret(Ck.Aes, vector.Bytes("key"), Cka.Encrypt, Cka.Decrypt);
            var mechanism = Mechanism.WithIv(Ckm.AesCbcPad, vector.Bytes("iv"));
            var (rv, output) = Token.Decrypt(mechanism, key, vector.Bytes("ct"));
            tally.Expect(vector, rv == Ck.Ok && output.SequenceEqual(vector.Bytes("msg")), $"decrypting gave 0x{rv:X}");
            if (vector.IsValid)
            {
                tally.Expect(vector, Token.Encrypt(mechanism, key, vector.Bytes("msg")).Output.SequenceEqual(vector.Bytes("ct")), "encrypting gave something else");
            }
        }

        tally.Close();
    }

    [Fact]
    public void Aes_gcm()
    {
        Aead("aes_gcm", v => Mechanism.Gcm(v.Bytes("iv"), v.Bytes("aad"), v.Bytes("tag").Length * 8));
    }

    [Fact]
    public void Aes_ccm()
    {
        Aead("aes_ccm", v => Mechanism.Ccm(v.Bytes("msg").Length, v.Bytes("iv"), v.Bytes("aad"), v.Bytes("tag").Length));
    }

    // GMAC is GCM with nothing to encrypt (SP 800-38D 3).
    [Fact]
    public void Aes_gmac()
    {
        using var file = new VectorFile("aes_gmac");
        var tally = new Tally();
        foreach (var (_, vector) in file.Vectors)
        {
            var key = Secret(Ck.Aes, vector.Bytes("key"), Cka.Encrypt, Cka.Decrypt);
            var mechanism = Mechanism.Gcm(vector.Bytes("iv"), vector.Bytes("msg"), vector.Bytes("tag").Length * 8);
            var (rv, nothing) = Token.Decrypt(mechanism, key, vector.Bytes("tag"));
            tally.Expect(vector, rv == Ck.Ok && nothing.Length == 0, $"decrypting gave 0x{rv:X}");
            if (vector.IsValid)
            {
                tally.Expect(vector, Token.Encrypt(mechanism, key, []).Output.SequenceEqual(vector.Bytes("tag")), "encrypting gave something else");
            }
        }

        tally.Close();
    }

    [Theory]
    [InlineData("aes_wrap", Ckm.AesKeyWrap)]
    [InlineData("aes_kwp", Ckm.AesKeyWrapKwp)]
    public void Aes_key_wrap(string name, ulong number)
    {
        using var file = new VectorFile(name);
        var tally = new Tally();
        foreach (var (_, vector) in file.Vectors)
        {
            var key = Secret(Ck.Aes, vector.Bytes("key"), Cka.Unwrap);
            var (rv, handle) = Token.Unwrap(new Mechanism(number), key, vector.Bytes("ct"), Readable(null));
            var same = rv == Ck.Ok && Token.Read(Remember(handle), Cka.Value).SequenceEqual(vector.Bytes("msg"));
            tally.Expect(vector, same, $"unwrapping gave 0x{rv:X}");
        }

        tally.Close();
    }

    private void Aead(string name, Func<Vector, Mechanism> mechanism)
    {
        using var file = new VectorFile(name);
        var tally = new Tally();
        foreach (var (_, vector) in file.Vectors)
        {
            var key = Secret(Ck.Aes, vector.Bytes("key"), Cka.Encrypt, Cka.Decrypt);
            byte[] sealedBytes = [.. vector.Bytes("ct"), .. vector.Bytes("tag")];
            var (rv, output) = Token.Decrypt(mechanism(vector), key, sealedBytes);
            if (vector.Bytes("iv").Length > LongestIv)
            {
                tally.ExpectRefusal(vector, rv == ParameterInvalid, $"decrypting gave 0x{rv:X}");
                continue;
            }

            tally.Expect(vector, rv == Ck.Ok && output.SequenceEqual(vector.Bytes("msg")), $"decrypting gave 0x{rv:X}");
            if (vector.IsValid)
            {
                var (encrypted, sealedAgain) = Token.Encrypt(mechanism(vector), key, vector.Bytes("msg"));
                tally.Expect(vector, sealedAgain.SequenceEqual(sealedBytes), $"encrypting gave 0x{encrypted:X} or something else");
            }
        }

        tally.Close();
    }
}
