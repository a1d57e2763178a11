using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;
using Strongroom.EndToEnd.Tests.Wycheproof;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>cluster setting, and what it does to an application that is logged in already.</summary>
public sealed class SettingTests(QuickstartDeployment deployment) : Suite(deployment)
{
    private const ulong MechanismInvalid = 0x70;
    private readonly CommandLine _cli = new(deployment);

    [Fact]
    public void An_admin_switches_decryption_by_pkcs1_off_and_on()
    {
        var (rv, publicKey, privateKey) = Token.GeneratePair(
            new Mechanism(0),
            [CkAttribute.Of(0x121, 2048UL), CkAttribute.Of(Cka.Encrypt, true), CkAttribute.Of(Cka.Token, false)],
            [CkAttribute.Of(Cka.Decrypt, true), CkAttribute.Of(Cka.Token, false)]);
        Assert.Equal(Ck.Ok, rv);
        Remember(publicKey);
        Remember(privateKey);
        var pkcs1 = new Mechanism(Ckm.RsaPkcs);
        var ciphertext = Token.Encrypt(pkcs1, publicKey, [1, 2, 3]).Output;
        Assert.Equal([1, 2, 3], Token.Decrypt(pkcs1, privateKey, ciphertext).Output);

        Assert.NotEmpty(_cli.Refused(["cluster", "setting", "set", "--pkcs1-decryption", "off"]));
        Assert.Equal("on", _cli.AsUser("cluster", "setting", "list").GetProperty("pkcs1-decryption").GetString());
        Assert.Equal("off", _cli.AsAdmin("cluster", "setting", "set", "--pkcs1-decryption", "off").GetProperty("pkcs1-decryption").GetString());
        try
        {
            Assert.Equal("off", _cli.AsUser("cluster", "setting", "list").GetProperty("pkcs1-decryption").GetString());
            Assert.Equal(MechanismInvalid, Token.Decrypt(pkcs1, privateKey, ciphertext).Rv);
            Assert.Equal(MechanismInvalid, Token.Decrypt(pkcs1, privateKey, ciphertext).Rv);
            Assert.Equal(Ck.Ok, Token.Encrypt(pkcs1, publicKey, [1]).Rv);
        }
        finally
        {
            _cli.AsAdmin("cluster", "setting", "set", "--pkcs1-decryption", "on");
        }

        Assert.Equal([1, 2, 3], Token.Decrypt(pkcs1, privateKey, ciphertext).Output);
        Assert.NotEmpty(_cli.Refused(["cluster", "setting", "set", "--pkcs1-decryption", "perhaps"]));
    }
}
