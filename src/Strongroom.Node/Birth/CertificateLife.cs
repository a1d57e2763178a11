using System.Security.Cryptography.X509Certificates;

namespace Strongroom.Node.Birth;

/// <summary>A certificate that the HSM or its cluster lives by, and when it ends.</summary>
/// <param name="Name">cluster, customer-ca, hardware-owner or hardware-manufacturer</param>
/// <param name="Subject">RFC 4514</param>
/// <param name="NotAfter">the last moment at which it is valid</param>
internal sealed record CertificateLife(string Name, string Subject, DateTimeOffset NotAfter)
{
    private static readonly int[] WarningDays = [7, 30, 60];

    /// <summary>7, 30 or 60 once it ends within so many days; 0 before. One that has ended is within 7.</summary>
    public int Warning(DateTimeOffset now) => WarningDays.FirstOrDefault(days => NotAfter - now < TimeSpan.FromDays(days));

    /// <summary>Of each certificate in a PEM text; none where there is none yet.</summary>
    public static IEnumerable<CertificateLife> Of(string name, string pem)
    {
        if (pem.Length == 0)
        {
            yield break;
        }

        foreach (var certificate in Pem.Certificates(pem, name, TrustAnchor.MostCertificates))
        {
            using (certificate)
            {
                yield return new CertificateLife(name, certificate.Subject, new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
            }
        }
    }
}
