using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strongroom.Audit;
using Strongroom.Hsm.Audit;

namespace Strongroom.Audit.Writer;

/// <summary>An identity key for tests: P-384, as an HSM's is, with a certificate.</summary>
public sealed class KeySigner : IAuditSigner, IDisposable
{
    private readonly ECDsa _key;

    private KeySigner(ECDsa key)
    {
        _key = key;
        var now = DateTimeOffset.UtcNow;
        Certificate = new CertificateRequest("CN=hsm-identity", key, HashAlgorithmName.SHA384).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        PublicKeySha256 = AuditDigest.From(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    public X509Certificate2 Certificate { get; }

    public AuditDigest PublicKeySha256 { get; }

    public static KeySigner Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP384));

    /// <summary>The key in a file, made if missing.</summary>
    public static KeySigner InFile(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        if (File.Exists(path))
        {
            key.ImportFromPem(File.ReadAllText(path));
        }
        else
        {
            File.WriteAllText(path, key.ExportPkcs8PrivateKeyPem());
        }

        return new KeySigner(key);
    }

    public byte[] Sign(ReadOnlySpan<byte> data) => _key.SignData(data, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose()
    {
        _key.Dispose();
        Certificate.Dispose();
    }
}
