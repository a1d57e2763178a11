using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strongroom.Node.Birth;

public sealed class TrustAnchorTests : IDisposable
{
    private readonly TestAuthority _root = new("root");

    [Fact]
    public void A_root_alone_and_a_chain_in_order_are_taken()
    {
        using var issuing = new TestAuthority("issuing", issuer: _root);
        Assert.Single(TrustAnchor.Read(_root.Pem));
        Assert.Equal(2, TrustAnchor.Read(issuing.Pem + _root.Pem).Count);
    }

    [Fact]
    public void A_chain_out_of_order_is_refused()
    {
        using var issuing = new TestAuthority("issuing", issuer: _root);
        Refused("self-signed", _root.Pem + issuing.Pem);
    }

    [Fact]
    public void A_chain_without_its_root_is_refused()
    {
        using var issuing = new TestAuthority("issuing", issuer: _root);
        Refused("self-signed", issuing.Pem);
    }

    [Fact]
    public void More_than_four_certificates_are_refused()
    {
        using var issuing = new TestAuthority("issuing", issuer: _root);
        Refused("more than 4", string.Concat(Enumerable.Repeat(issuing.Pem, 4)) + _root.Pem);
    }

    [Fact]
    public void More_than_16_kilobytes_are_refused() => Refused("16384", _root.Pem + new string(' ', 16384));

    [Fact]
    public void A_signature_with_sha1_is_refused()
    {
        // .NET does not make such certificates any more.
        using var folder = new TestFolder();
        using (var openssl = Process.Start(new ProcessStartInfo(
            "openssl",
            ["req", "-x509", "-sha1", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=old", "-keyout", folder.File("old.key"), "-out", folder.File("old.crt")])
        { RedirectStandardError = true })!)
        {
            openssl.WaitForExit();
        }

        Refused("SHA-224 to SHA-512", File.ReadAllText(folder.File("old.crt")));
    }

    [Fact]
    public void A_curve_that_is_not_on_the_list_is_refused()
    {
        using var odd = new TestAuthority("odd", ECCurve.NamedCurves.brainpoolP256r1);
        Refused("P-256", odd.Pem);
    }

    [Fact]
    public void A_certificate_that_is_no_authority_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        using var leaf = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Refused("CA:TRUE", leaf.ExportCertificatePem());
    }

    [Theory]
    [InlineData("")]
    [InlineData("no PEM at all")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    public void What_is_no_certificate_is_refused(string pem) => Refused("the trust anchor", pem);

    public void Dispose() => _root.Dispose();

    private static void Refused(string cause, string pem) => Assert.Contains(cause, Assert.Throws<BirthException>(() => TrustAnchor.Read(pem)).Message, StringComparison.Ordinal);
}
