using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strongroom.Server.Deployment;

namespace Strongroom.Server.Ceremony;

/// <summary>
/// The two roots and what they sign. They are made once, by people, on a machine of their choice; no service reads their keys afterwards.
/// P-384, X.509 v3 (RFC 5280). Roots hold 20 years and may certify one CA below them; a hardware identity holds 10 and signs its HSM's certificates only.
/// </summary>
public sealed class CeremonyRoots(string folder)
{
    private const int RootYears = 20;
    private const int IdentityYears = 10;

    // RFC 5280 4.1.2.2: at most 20 bytes, positive; 16 random ones are more than the 64 bits that CAs must have.
    private const int SerialBytes = 16;
    private static readonly PbeParameters KeyProtection = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 600_000);

    public static string RootCertificateFile(string folder, RootKind kind) => Path.Combine(folder, $"{Name(kind)}-root.crt");

    private string CertificateFile(RootKind kind) => RootCertificateFile(folder, kind);

    private string KeyFile(RootKind kind) => Path.Combine(folder, $"{Name(kind)}-root.key");

    public bool Exist => Enum.GetValues<RootKind>().All(kind => File.Exists(CertificateFile(kind)) && File.Exists(KeyFile(kind)));

    /// <summary>Makes both roots. Refuses to replace any.</summary>
    /// <param name="organisation">stands as O= in the roots' names</param>
    /// <param name="passphrase">encrypts the key files (PKCS #8, PBKDF2); empty to leave them open, for development</param>
    /// <param name="now">start of validity</param>
    public void Create(string organisation, ReadOnlySpan<byte> passphrase, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder, PrivateFile.OwnerOnlyDirectory);
        foreach (var kind in Enum.GetValues<RootKind>())
        {
            if (File.Exists(CertificateFile(kind)) || File.Exists(KeyFile(kind)))
            {
                throw new RefusalException($"There is a {Name(kind)} root in {folder} already; HSMs may be certified under it.", "Choose another --out, or use that one.");
            }
        }

        foreach (var kind in Enum.GetValues<RootKind>())
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            var name = new X500DistinguishedNameBuilder();
            name.AddCommonName($"Strongroom {Name(kind)} root");
            name.AddOrganizationName(organisation);
            var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA384);
            AddAuthority(request, pathLength: 1);
            using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddYears(RootYears));
            PrivateFile.Write(KeyFile(kind), (passphrase.IsEmpty ? key.ExportPkcs8PrivateKeyPem() : key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, KeyProtection)) + "\n");
            PrivateFile.Write(CertificateFile(kind), certificate.ExportCertificatePem() + "\n", PrivateFile.Everyone);
        }
    }

    /// <summary>Certifies the identity key in <paramref name="requestPem"/> under both roots.</summary>
    /// <param name="requestPem">PKCS #10, signed by an EC key on P-256 or P-384; of it only name and key are taken</param>
    /// <param name="passphrase">of the key files, or empty</param>
    /// <param name="now">start of validity</param>
    /// <exception cref="RefusalException">The request is not well-formed, not signed by its own key, or of another kind of key; or the roots can't be opened.</exception>
    public IdentityCertificates Certify(string requestPem, ReadOnlySpan<byte> passphrase, DateTimeOffset now)
    {
        var request = ReadRequest(requestPem);
        return new IdentityCertificates(Issue(RootKind.Owner, request, passphrase, now), Issue(RootKind.Manufacturer, request, passphrase, now));
    }

    private string Issue(RootKind kind, CertificateRequest asked, ReadOnlySpan<byte> passphrase, DateTimeOffset now)
    {
        using var root = OpenRoot(kind, passphrase);
        var request = new CertificateRequest(asked.SubjectName, asked.PublicKey, HashAlgorithmName.SHA384);
        AddAuthority(request, pathLength: 0);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        using var issued = request.Create(root, now.AddMinutes(-5), Earlier(now.AddYears(IdentityYears), root.NotAfter), serial);
        return issued.ExportCertificatePem() + "\n";
    }

    private X509Certificate2 OpenRoot(RootKind kind, ReadOnlySpan<byte> passphrase)
    {
        if (!File.Exists(CertificateFile(kind)) || !File.Exists(KeyFile(kind)))
        {
            throw new RefusalException($"There is no {Name(kind)} root in {folder}.", $"strongroom ceremony create --out {ShellEnvironment.Quote(folder)}");
        }

        var key = File.ReadAllText(KeyFile(kind));
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(CertificateFile(kind));
            using var ec = ECDsa.Create();
            if (key.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal))
            {
                ec.ImportFromEncryptedPem(key, passphrase);
            }
            else
            {
                ec.ImportFromPem(key);
            }

            return certificate.CopyWithPrivateKey(ec);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new RefusalException($"The {Name(kind)} root in {folder} can't be opened: {error.Message}", inner: error);
        }
    }

    private static CertificateRequest ReadRequest(string pem)
    {
        CertificateRequest request;
        try
        {
            // The request's own signature is checked here: whoever asks holds the key. Its extensions are not taken over.
            request = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA384);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new RefusalException($"The identity request can't be taken: {error.Message}", inner: error);
        }

        using var key = request.PublicKey.GetECDsaPublicKey();
        return key?.KeySize is 256 or 384
            ? request
            : throw new RefusalException($"The identity request has a key that is not on P-256 or P-384 (algorithm {request.PublicKey.Oid.Value}, {key?.KeySize ?? 0} bits).");
    }

    private static void AddAuthority(CertificateRequest request, int pathLength)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLength, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTime other) => one < other ? one : other;

    private static string Name(RootKind kind) => kind == RootKind.Owner ? "owner" : "manufacturer";
}
