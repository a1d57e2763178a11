using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strongroom.Node;

/// <summary>A CA of the tests: a ceremony's root, or a customer's.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name, ECCurve? curve = null, HashAlgorithmName? hash = null, TestAuthority? issuer = null)
    {
        using var key = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP384);
        var request = new CertificateRequest($"CN={name}", key, hash ?? HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (issuer is null)
        {
            _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(5));
        }
        else
        {
            using var issued = request.Create(issuer._certificate, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddYears(4), RandomNumberGenerator.GetBytes(12));
            _certificate = issued.CopyWithPrivateKey(key);
        }
    }

    public string Pem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>Signs a request's key and name.</summary>
    public string Sign(string requestPem, bool authority = false, DateTimeOffset? from = null, DateTimeOffset? to = null, string? subject = null)
    {
        var asked = CertificateRequest.LoadSigningRequestPem(requestPem, HashAlgorithmName.SHA384);
        var request = new CertificateRequest(subject is null ? asked.SubjectName : new X500DistinguishedName(subject), asked.PublicKey, HashAlgorithmName.SHA384);
        if (authority)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        }

        using var issued = request.Create(
            _certificate, from ?? DateTimeOffset.UtcNow.AddHours(-1), to ?? DateTimeOffset.UtcNow.AddYears(1), [0x40, .. RandomNumberGenerator.GetBytes(11)]);
        return issued.ExportCertificatePem() + "\n";
    }

    /// <summary>A server of its own, at an address.</summary>
    public X509Certificate2 IssueServer(System.Net.IPAddress address, DateTimeOffset? to = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_certificate, DateTimeOffset.UtcNow.AddHours(-1), to ?? DateTimeOffset.UtcNow.AddYears(1), [0x40, .. RandomNumberGenerator.GetBytes(11)]);
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose() => _certificate.Dispose();
}
