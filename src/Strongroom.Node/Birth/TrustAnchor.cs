using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Strongroom.Node.Birth;

/// <summary>
/// The customer's CA: the rules that CloudHSM has for it (RFC 5280; RSA 2048/3072/4096 or ECDSA P-256/384/521; SHA-224 to SHA-512; basicConstraints; issuing CA first, at most 4 certificates with the root, at most 16 kB, only the root self-signed).
/// </summary>
internal static class TrustAnchor
{
    /// <summary>With the root.</summary>
    public const int MostCertificates = 4;

    private const int MostBytes = 16384;

    private static readonly HashSet<string> SignatureAlgorithms =
    [
        "1.2.840.113549.1.1.14", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", // sha224, 256, 384, 512 with RSA
        "1.2.840.113549.1.1.10", // RSASSA-PSS
        "1.2.840.10045.4.3.1", "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", // ecdsa with SHA-224, 256, 384, 512
    ];

    private static readonly HashSet<string> Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    /// <summary>Reads and checks the anchor.</summary>
    /// <exception cref="BirthException">a rule is broken; the message names it</exception>
    public static X509Certificate2Collection Read(string pem)
    {
        if (Encoding.UTF8.GetByteCount(pem) > MostBytes)
        {
            throw new BirthException($"the trust anchor has more than {MostBytes} bytes");
        }

        var anchors = Pem.Certificates(pem, "the trust anchor", MostCertificates);
        for (var i = 0; i < anchors.Count; i++)
        {
            CheckAuthority(anchors[i], isLast: i == anchors.Count - 1);
        }

        return anchors;
    }

    /// <summary>Checks that a certificate holds under the anchor now.</summary>
    /// <exception cref="BirthException">it does not; the message says why</exception>
    public static void RequireHolds(X509Certificate2 certificate, X509Certificate2Collection anchors, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(anchors[^1]);
        chain.ChainPolicy.ExtraStore.AddRange(anchors.Take(anchors.Count - 1).ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        if (!chain.Build(certificate))
        {
            throw new BirthException($"the signed certificate does not hold under the trust anchor: {string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation.Trim()).Distinct())}");
        }

        if (chain.ChainElements.Count != anchors.Count + 1 || !chain.ChainElements.Skip(1).Select(e => e.Certificate.Thumbprint).SequenceEqual(anchors.Select(a => a.Thumbprint)))
        {
            throw new BirthException("the trust anchor is not the signed certificate's chain in order: issuing CA first, root last");
        }
    }

    private static void CheckAuthority(X509Certificate2 anchor, bool isLast)
    {
        var isSelfSigned = anchor.SubjectName.RawData.AsSpan().SequenceEqual(anchor.IssuerName.RawData);
        if (isSelfSigned != isLast)
        {
            throw new BirthException(isLast ? $"the last certificate of the trust anchor ({anchor.Subject}) is not self-signed" : $"only the root of the trust anchor may be self-signed, not {anchor.Subject}");
        }

        if (anchor.Version >= 3 && anchor.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is not { CertificateAuthority: true })
        {
            throw new BirthException($"{anchor.Subject} has no basicConstraints with CA:TRUE");
        }

        if (!SignatureAlgorithms.Contains(anchor.SignatureAlgorithm.Value ?? ""))
        {
            throw new BirthException($"{anchor.Subject} is signed with {anchor.SignatureAlgorithm.FriendlyName}; RSA or ECDSA with SHA-224 to SHA-512 is taken");
        }

        CheckKey(anchor);
    }

    private static void CheckKey(X509Certificate2 anchor)
    {
        using var rsa = anchor.GetRSAPublicKey();
        using var ec = anchor.GetECDsaPublicKey();
        var isTaken = (rsa, ec) switch
        {
            ({ } key, _) => key.KeySize is 2048 or 3072 or 4096,
            (_, { } key) => Curves.Contains(key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value ?? ""),
            _ => false,
        };
        if (!isTaken)
        {
            throw new BirthException($"{anchor.Subject} has another key than RSA 2048, 3072, 4096 or ECDSA P-256, P-384, P-521");
        }
    }
}
