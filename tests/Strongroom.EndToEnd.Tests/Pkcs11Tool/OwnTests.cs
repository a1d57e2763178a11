using System.Security.Cryptography;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Pkcs11Tool;

/// <summary>The tests that pkcs11-tool brings along, beyond <c>--test</c>; and a secret that it derives.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class OwnTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void Threads_initialise_and_look_around_at_once()
    {
        // Each thread: C_Initialize with locking, C_GetInfo, C_GetSlotList, C_GetTokenInfo of the first slot.
        string[] threads = [.. Enumerable.Repeat((string[])["--test-threads", "ILGISLT0"], 4).SelectMany(words => words)];

        // By its index: pkcs11-tool compares a label in a buffer into which its threads, which show tokens just then, write too.
        var test = deployment.Pkcs11(["--slot-index", "0", "--login", "--pin", "env:STRONGROOM_PIN", .. threads]).MustSucceed();

        Assert.Contains("test_threads all threads have ended with CKR_OK", test.Output + test.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EC:prime256v1")]
    [InlineData("EC:secp521r1")]
    public void Its_test_of_elliptic_curves_passes(string curve)
    {
        var test = deployment.Pkcs11LoggedIn("--session-rw", "--test-ec", "--key-type", curve, "--id", "7e57ec", "--label", "test-ec").MustSucceed();

        Assert.Contains("==> OK", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_that_it_derives_is_the_one_that_the_other_side_has()
    {
        deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", "EC:prime256v1", "--usage-derive", "--id", "dede", "--label", "derives").MustSucceed();
        deployment.Pkcs11LoggedIn("--read-object", "--type", "pubkey", "--id", "dede", "--output-file", _scratch["hsm.der"]).MustSucceed();
        using var peer = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var hsm = ECDiffieHellman.Create();
        hsm.ImportSubjectPublicKeyInfo(File.ReadAllBytes(_scratch["hsm.der"]), out _);

        deployment.Pkcs11LoggedIn("--derive", "--mechanism", "ECDH1-DERIVE", "--id", "dede", "--input-file", _scratch.Write("peer.der", peer.PublicKey.ExportSubjectPublicKeyInfo()), "--output-file", _scratch["secret"]).MustSucceed();

        Assert.Equal(peer.DeriveRawSecretAgreement(hsm.PublicKey), File.ReadAllBytes(_scratch["secret"]));
    }

    public void Dispose() => _scratch.Dispose();
}
