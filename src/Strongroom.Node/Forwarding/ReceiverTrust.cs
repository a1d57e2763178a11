using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Strongroom.Node.Forwarding;

/// <summary>TLS towards a receiver: 1.2 at least, its name in its certificate, under the configured CA or the host's own.</summary>
internal static class ReceiverTrust
{
    public static SslClientAuthenticationOptions Options(string? host, string? caFile)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
        if (caFile is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            policy.CustomTrustStore.ImportFromPemFile(caFile);
            options.CertificateChainPolicy = policy;
        }

        return options;
    }
}
