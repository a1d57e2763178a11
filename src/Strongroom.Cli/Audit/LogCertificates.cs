using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Audit;

/// <summary>The HSM's identity certificates, against which a log is verified.</summary>
internal static class LogCertificates
{
    /// <exception cref="CommandRefusedException">There is none in the file.</exception>
    public static X509Certificate2[] Read(string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(path);
        }
        catch (CryptographicException e)
        {
            throw new CommandRefusedException($"{path}: {e.Message}", e);
        }

        return certificates.Count > 0 ? [.. certificates] : throw new CommandRefusedException($"{path}: there is no certificate in it");
    }

    /// <summary>What a person compares: SHA-256 of the public key, hexadecimal.</summary>
    public static string KeySha256(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
}
