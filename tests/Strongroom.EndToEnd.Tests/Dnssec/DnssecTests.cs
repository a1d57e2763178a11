using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Dnssec;

/// <summary>DNSSEC: Knot's keymgr keeps a zone's keys in the HSM, and OpenDNSSEC's own test of a repository goes through.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class DnssecTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void Knot_makes_a_zone_key_in_the_HSM()
    {
        var configuration = _scratch.Write("knot.conf", $"""
            database:
              storage: {Directory.CreateDirectory(_scratch["knot"]).FullName}
            keystore:
              - id: hsm
                backend: pkcs11
                config: "pkcs11:token={deployment.TokenLabel};pin-value={Uri.EscapeDataString(deployment.Pin)} {deployment.Module}"
            policy:
              - id: hsm
                keystore: hsm
                algorithm: ecdsap256sha256
            zone:
              - domain: example.com
                dnssec-signing: on
                dnssec-policy: hsm

            """);
        var keys = KeyPairs();

        KeyManager("generate", "algorithm=ecdsap256sha256", "ksk=yes").MustSucceed();

        Assert.Contains("example.com. DS ", KeyManager("ds").MustSucceed().Output, StringComparison.Ordinal);
        Assert.Equal(keys + 1, KeyPairs());

        Finished KeyManager(params string[] arguments) => Programs.Run("keymgr", ["-c", configuration, "example.com.", .. arguments], deployment.Variables);
    }

    [Fact]
    public void OpenDNSSEC_s_test_of_a_repository_makes_signs_and_deletes()
    {
        var configuration = _scratch.Write("conf.xml", $"""
            <Configuration><RepositoryList><Repository name="strongroom">
              <Module>{deployment.Module}</Module><TokenLabel>{deployment.TokenLabel}</TokenLabel><PIN>{deployment.Pin}</PIN>
            </Repository></RepositoryList></Configuration>
            """);
        var keys = KeyPairs();

        // Its exit code counts what the token does not have, short RSA, DSA and GOST keys among it.
        var tested = Programs.Run("ods-hsmutil", ["-c", configuration, "test", "strongroom"], deployment.Variables, within: TimeSpan.FromMinutes(3)).Output;

        Assert.Contains("Generating 2048-bit RSA key... OK", tested, StringComparison.Ordinal);
        Assert.Contains("Generating 4096-bit RSA key... OK", tested, StringComparison.Ordinal);
        Assert.Contains("Generating ECDSA Curve P-256 key... OK", tested, StringComparison.Ordinal);
        Assert.Contains("Generating ECDSA Curve P-384 key... OK", tested, StringComparison.Ordinal);
        Assert.Equal(6, tested.Split("Signing (RSA").Length - 1);
        Assert.DoesNotContain("key... Failed\nSigning", tested, StringComparison.Ordinal);
        Assert.True(KeyPairs() >= keys, "it leaves its ECDSA keys behind, and deletes its RSA keys");
    }

    public void Dispose() => _scratch.Dispose();

    private int KeyPairs() => deployment.Pkcs11LoggedIn("--list-objects", "--type", "privkey").MustSucceed().Output.Split("Private Key Object").Length - 1;
}
