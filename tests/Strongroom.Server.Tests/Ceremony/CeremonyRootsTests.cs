using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strongroom.Server.Ceremony;

namespace Strongroom.Server.Tests.Ceremony;

public sealed class CeremonyRootsTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public void OpenSSL_verifies_a_certificate_of_the_HSM_through_either_chain()
    {
        var roots = new CeremonyRoots(_folder.Path);
        roots.Create("Test", [], Now);
        using var identity = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var issued = roots.Certify(Request(identity), [], Now);
        File.WriteAllText(_folder["hsm.crt"], CertificateOfTheHsm(identity, issued.Owner));

        foreach (var (root, hardware) in new[] { (RootKind.Owner, issued.Owner), (RootKind.Manufacturer, issued.Manufacturer) })
        {
            File.WriteAllText(_folder["hardware.crt"], hardware);
            Assert.Equal(0, OpenSsl("verify", "-x509_strict", "-CAfile", CeremonyRoots.RootCertificateFile(_folder.Path, root), "-untrusted", _folder["hardware.crt"], _folder["hsm.crt"]));
        }
    }

    [Fact]
    public void The_one_root_does_not_vouch_for_what_the_other_signed()
    {
        var roots = new CeremonyRoots(_folder.Path);
        roots.Create("Test", [], Now);
        using var identity = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(_folder["hardware.crt"], roots.Certify(Request(identity), [], Now).Owner);

        Assert.NotEqual(0, OpenSsl("verify", "-CAfile", CeremonyRoots.RootCertificateFile(_folder.Path, RootKind.Manufacturer), _folder["hardware.crt"]));
    }

    [Fact]
    public void Roots_are_never_replaced()
    {
        var roots = new CeremonyRoots(_folder.Path);
        roots.Create("Test", [], Now);
        var before = File.ReadAllText(_folder["owner-root.key"]);

        Assert.Contains("already", Assert.Throws<RefusalException>(() => roots.Create("Test", [], Now)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_folder["owner-root.key"]));
    }

    [Fact]
    public void The_keys_are_readable_by_their_owner_alone()
    {
        new CeremonyRoots(_folder.Path).Create("Test", [], Now);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["owner-root.key"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["manufacturer-root.key"]));
    }

    [Fact]
    public void A_passphrase_is_needed_again_to_certify()
    {
        var roots = new CeremonyRoots(_folder.Path);
        roots.Create("Test", "right"u8, Now);
        using var identity = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Contains("can't be opened", Assert.Throws<RefusalException>(() => roots.Certify(Request(identity), "wrong"u8, Now)).Message, StringComparison.Ordinal);
        Assert.NotEmpty(roots.Certify(Request(identity), "right"u8, Now).Owner);
    }

    [Fact]
    public void A_request_that_its_own_key_did_not_sign_is_refused()
    {
        var roots = new CeremonyRoots(_folder.Path);
        roots.Create("Test", [], Now);
        using var identity = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var pem = Request(identity);
        var request = Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
        request[^1] ^= 1;

        Assert.Contains("can't be taken", Assert.Throws<RefusalException>(() => roots.Certify(PemEncoding.WriteString("CERTIFICATE REQUEST", request), [], Now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_for_another_kind_of_key_is_refused()
    {
        var roots = new CeremonyRoots(_folder.Path);
        roots.Create("Test", [], Now);
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=hsm-test", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();

        Assert.Contains("P-256 or P-384", Assert.Throws<RefusalException>(() => roots.Certify(request, [], Now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_request_asks_for_beyond_name_and_key_is_not_granted()
    {
        var roots = new CeremonyRoots(_folder.Path);
        roots.Create("Test", [], Now);
        using var identity = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var greedy = new CertificateRequest("CN=hsm-test", identity, HashAlgorithmName.SHA384);
        greedy.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 7, true));

        using var issued = X509Certificate2.CreateFromPem(roots.Certify(greedy.CreateSigningRequestPem(), [], Now).Owner);

        Assert.Equal(0, Assert.Single(issued.Extensions.OfType<X509BasicConstraintsExtension>()).PathLengthConstraint);
        Assert.Equal("CN=hsm-test", issued.Subject);
    }

    public void Dispose() => _folder.Dispose();

    private static string Request(ECDsa key) => new CertificateRequest("CN=hsm-test", key, HashAlgorithmName.SHA384).CreateSigningRequestPem();

    private static string CertificateOfTheHsm(ECDsa identity, string identityPem)
    {
        using var issuer = X509Certificate2.CreateFromPem(identityPem).CopyWithPrivateKey(identity);
        using var cluster = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=cluster", cluster, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.Create(issuer, Now.AddMinutes(-1), Now.AddYears(1), Encoding.ASCII.GetBytes("serial"));
        return certificate.ExportCertificatePem();
    }

    private static int OpenSsl(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
