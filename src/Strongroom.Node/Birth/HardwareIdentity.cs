using System.Security.Cryptography.X509Certificates;
using Strongroom.Crypto;
using Strongroom.Node.State;
using Strongroom.Node.Trust;

namespace Strongroom.Node.Birth;

/// <summary>
/// The P-384 key pair that an HSM draws when it is created, and the two certificates that the ceremony issues for it: the owner's and the manufacturer's roots say, each by itself, that this key is an HSM of theirs.
/// In software this proves that the ceremony was held with this state directory, not that hardware protects it (docs/threat-model.md).
/// </summary>
internal sealed class HardwareIdentity : IDisposable
{
    private const string KeyItem = "identity-key.sealed";

    /// <summary>The ceremony's request, public.</summary>
    public const string RequestItem = "identity.csr";

    /// <summary>The owner's certificate, public.</summary>
    public const string OwnerItem = "owner-hardware.crt";

    /// <summary>The manufacturer's, public.</summary>
    public const string ManufacturerItem = "manufacturer-hardware.crt";

    private readonly StateDirectory _state;
    private readonly EvpKey _key;

    private HardwareIdentity(StateDirectory state, EvpKey key)
    {
        _state = state;
        _key = key;
    }

    /// <summary>Signs the audit log's heads.</summary>
    public IdentitySigner AuditSigner => new(_key);

    /// <summary>PEM, for the ceremony.</summary>
    public string Request => _state.ReadText(RequestItem);

    /// <summary>PEM, or empty.</summary>
    public string OwnerCertificate => _state.ReadText(OwnerItem);

    /// <summary>PEM, or empty.</summary>
    public string ManufacturerCertificate => _state.ReadText(ManufacturerItem);

    /// <summary>Whether the ceremony was held.</summary>
    public bool IsCertified => _state.Has(OwnerItem) && _state.Has(ManufacturerItem);

    /// <summary>Draws the key pair; once in an HSM's life.</summary>
    public static HardwareIdentity Create(StateDirectory state, RootKey root)
    {
        var key = EvpKey.GenerateEc(EcCurve.P384);
        using (var encoded = key.ToPkcs8())
        {
            state.WriteSealed(root, KeyItem, encoded.Span);
        }

        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName($"HSM:{state.Hsm.Hsm}");
        name.AddOrganizationalUnitName("HSM identity");
        name.AddOrganizationName("Strongroom");
        var signatures = new KeySignatures(key);
        var request = new CertificateRequest(name.Build(), signatures.PublicKey, signatures.Hash);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        state.WriteText(RequestItem, Pem.Request(request.CreateSigningRequest(signatures)));
        return new HardwareIdentity(state, key);
    }

    /// <summary>Opens the key pair.</summary>
    /// <exception cref="StateException">it is missing or damaged</exception>
    public static HardwareIdentity Open(StateDirectory state, RootKey root)
    {
        using var encoded = state.ReadSealed(root, KeyItem);
        return new HardwareIdentity(state, EvpKey.FromPkcs8(encoded.Span) ?? throw new StateException($"{KeyItem} holds no key"));
    }

    /// <summary>Takes the ceremony's two certificates.</summary>
    /// <exception cref="BirthException">they are not for this key, or there are some already</exception>
    public void Install(string ownerPem, string manufacturerPem, DateTimeOffset now)
    {
        if (IsCertified)
        {
            throw new BirthException("this HSM has its hardware certificates already");
        }

        using var owner = Pem.OneCertificate(ownerPem, "the owner's hardware certificate");
        using var manufacturer = Pem.OneCertificate(manufacturerPem, "the manufacturer's hardware certificate");
        Check(owner, "the owner's hardware certificate", now);
        Check(manufacturer, "the manufacturer's hardware certificate", now);
        if (!owner.SubjectName.RawData.AsSpan().SequenceEqual(manufacturer.SubjectName.RawData) || KeyIdentifier(owner) != KeyIdentifier(manufacturer))
        {
            throw new BirthException("the two hardware certificates differ in subject or subject key identifier, so that one HSM certificate can't hold under both");
        }

        if (owner.IssuerName.RawData.AsSpan().SequenceEqual(manufacturer.IssuerName.RawData))
        {
            throw new BirthException("both hardware certificates are by the same root");
        }

        _state.WriteText(OwnerItem, Pem.Certificate(owner));
        _state.WriteText(ManufacturerItem, Pem.Certificate(manufacturer));
    }

    /// <summary>Signs the statement that this HSM made a cluster's key pair. It holds under both roots.</summary>
    public X509Certificate2 Certify(X500DistinguishedName subject, PublicKey clusterKey, DateTimeOffset now)
    {
        using var owner = Pem.OneCertificate(OwnerCertificate, OwnerItem);
        using var manufacturer = Pem.OneCertificate(ManufacturerCertificate, ManufacturerItem);
        var signatures = new KeySignatures(_key);
        var request = new CertificateRequest(subject, clusterKey, signatures.Hash);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(clusterKey, critical: false));
        if (owner.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } identifier)
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier));
        }

        Span<byte> serial = stackalloc byte[16];
        RandomSource.Fill(serial);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40); // positive and never shorter (RFC 5280 4.1.2.2)
        var end = owner.NotAfter < manufacturer.NotAfter ? owner.NotAfter : manufacturer.NotAfter;
        return request.Create(owner.SubjectName, signatures, now.AddMinutes(-5), end, serial);
    }

    public void Dispose() => _key.Dispose();

    private void Check(X509Certificate2 certificate, string what, DateTimeOffset now)
    {
        if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_key.SubjectPublicKeyInfo()))
        {
            throw new BirthException($"{what} is for another key than this HSM's");
        }

        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is not { CertificateAuthority: true })
        {
            throw new BirthException($"{what} lacks CA:TRUE, so that nothing it signs would hold");
        }

        if (now < certificate.NotBefore || now > certificate.NotAfter)
        {
            throw new BirthException($"{what} is not valid now");
        }
    }

    private static string? KeyIdentifier(X509Certificate2 certificate) => certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifier;
}
