using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strongroom.Node.Birth;

/// <summary>Certificates and requests as text.</summary>
internal static class Pem
{
    /// <summary>Encodes a request.</summary>
    public static string Request(byte[] der) => PemEncoding.WriteString("CERTIFICATE REQUEST", der) + "\n";

    /// <summary>Encodes a certificate.</summary>
    public static string Certificate(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n";

    /// <summary>Reads exactly one certificate.</summary>
    /// <exception cref="BirthException">there is none, or more than one</exception>
    public static X509Certificate2 OneCertificate(string pem, string what)
    {
        var all = Certificates(pem, what, 1);
        return all[0];
    }

    /// <summary>Reads 1 to <paramref name="most"/> certificates.</summary>
    /// <exception cref="BirthException">there are none, more, or something else</exception>
    public static X509Certificate2Collection Certificates(string pem, string what, int most)
    {
        var all = new X509Certificate2Collection();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (!rest[fields.Label].SequenceEqual("CERTIFICATE"))
            {
                throw new BirthException($"{what} contains a PEM block that is no certificate");
            }

            if (all.Count == most)
            {
                throw new BirthException($"{what} contains more than {most} certificate(s)");
            }

            try
            {
                all.Add(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(new string(rest[fields.Base64Data]))));
            }
            catch (CryptographicException e)
            {
                throw new BirthException($"{what} can't be read: {e.Message}");
            }

            rest = rest[fields.Location.End..];
        }

        return all.Count > 0 ? all : throw new BirthException($"{what} contains no PEM certificate");
    }
}
