using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Strongroom.Wire;

namespace Strongroom.Client.Connections;

/// <summary>TLS 1.3 to one HSM, whose certificate the customer's trust decides about.</summary>
internal static class SecureStream
{
    /// <summary>Connects and shakes hands.</summary>
    /// <param name="hsm">where</param>
    /// <param name="cluster">the cluster's id, for messages and the server's log; null if it is not known yet</param>
    /// <param name="trust">judges the server's certificate</param>
    /// <param name="client">the certificate that this client shows; null: none</param>
    /// <param name="cancel">the caller's wish to stop</param>
    /// <param name="deadline">cancelled when <paramref name="cancel"/> is, or the time is over</param>
    /// <exception cref="HsmUnreachableException">no answer</exception>
    /// <exception cref="HsmNotTrustedException">somebody else answered</exception>
    public static async Task<SslStream> OpenAsync(IPEndPoint hsm, string? cluster, ClusterTrust trust, SslStreamCertificateContext? client, CancellationToken cancel, CancellationToken deadline)
    {
        var socket = new Socket(hsm.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        string? refused = null;
        SslStream? secure = null;
        try
        {
            await socket.ConnectAsync(hsm, deadline).ConfigureAwait(false);
            secure = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = cluster ?? "strongroom",
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ApplicationProtocols = [new SslApplicationProtocol(ProtocolLimits.Alpn)],
                    ClientCertificateContext = client,

                    // Without a policy of its own the platform would ask the machine's roots, and download what a certificate points at.
                    CertificateChainPolicy = trust.ChainPolicy(),
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => (refused = trust.Refuse(certificate as X509Certificate2)) is null,
                },
                deadline).ConfigureAwait(false);
            return secure;
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            if (secure is not null)
            {
                await secure.DisposeAsync().ConfigureAwait(false);
            }

            socket.Dispose();
            cancel.ThrowIfCancellationRequested();
            throw refused is null
                ? new HsmUnreachableException($"{hsm}: {e.Message}", mayHaveTakenEffect: false, e)
                : new HsmNotTrustedException($"{hsm} is not {cluster ?? "a cluster of this customer"}: {refused}", e);
        }
    }
}
