using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strongroom.Cli.Shell;
using Strongroom.Client;

namespace Strongroom.Cli.Configuration;

/// <summary>One cluster: where its HSMs are and how it is recognised.</summary>
/// <param name="ClusterId">cluster-…</param>
/// <param name="CaFile">the customer's CA, PEM</param>
/// <param name="KeySha256">SHA-256 of the cluster certificate's SubjectPublicKeyInfo in hex; null in a file of CloudHSM's own tools, which know no such pin</param>
/// <param name="Hsms">at least one</param>
internal sealed record ClusterConfiguration(string ClusterId, string CaFile, string? KeySha256, IReadOnlyList<HsmAddress> Hsms)
{
    /// <summary>The certificate that this client shows, PEM; null if none is configured.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>The private key of that certificate, PEM.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>The certificate that this client shows, with those that follow it in its file; null if none is configured.</summary>
    public SslStreamCertificateContext? ClientCertificate() => ClientCertificateFile is null ? null : ReadClientCertificate(ClientCertificateFile, ClientKeyFile);

    /// <summary>Reads a certificate and its key.</summary>
    public static SslStreamCertificateContext ReadClientCertificate(string certificateFile, string? keyFile)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificateFile, keyFile), chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandRefusedException($"The client's certificate {certificateFile} with the key {keyFile} can't be read: {e.Message}", e);
        }
    }

    public ClusterTrust Trust()
    {
        try
        {
            return ClusterTrust.FromFile(CaFile, KeySha256);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandRefusedException($"The customer CA {CaFile} can't be read: {e.Message}", e);
        }
    }
}
