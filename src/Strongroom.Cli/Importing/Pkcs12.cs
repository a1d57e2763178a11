using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Importing;

/// <summary>PKCS#12 files (RFC 7292): the private key that belongs to a certificate in it. .NET bounds their iterations.</summary>
internal static class Pkcs12
{
    /// <summary>The only private key, RSA or on a NIST curve.</summary>
    /// <param name="path">for messages</param>
    /// <param name="file">its bytes</param>
    /// <param name="password">UTF-8</param>
    public static ClearKey Read(string path, byte[] file, byte[] password)
    {
        Span<char> letters = GC.AllocateUninitializedArray<char>(password.Length, pinned: true);
        try
        {
            var length = Encoding.UTF8.GetChars(password, letters);
            var found = X509CertificateLoader.LoadPkcs12Collection(file, letters[..length], X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet);
            X509Certificate2[] withKey = [.. found.Where(certificate => certificate.HasPrivateKey)];
            return withKey.Length == 1 ? Pkcs8.Clear(path, Export(path, withKey[0])) : throw new CommandRefusedException($"{path} holds {withKey.Length} private keys with a certificate; one is imported at a time");
        }
        catch (CryptographicException e)
        {
            throw new CommandRefusedException($"{path}: the password is wrong, or it is no PKCS#12 file: {e.Message}", e);
        }
        finally
        {
            letters.Clear();
        }
    }

    private static byte[] Export(string path, X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey() ?? throw new CommandRefusedException($"The key in {path} is neither RSA nor on a NIST curve");
        return key.ExportPkcs8PrivateKey();
    }
}
