using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Strongroom.Client.Connections;
using Strongroom.Wire;

namespace Strongroom.Client;

/// <summary>Which cluster answers at an address: what a configuration pins.</summary>
/// <param name="ClusterId">cluster-…</param>
/// <param name="KeySha256">SHA-256 of the SubjectPublicKeyInfo of the certificate it presented, lower-case hex</param>
public sealed record ClusterProbe(string ClusterId, string KeySha256)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    /// <summary>Shakes hands and asks for the cluster's id. Nothing else is sent.</summary>
    /// <exception cref="HsmUnreachableException">no answer within 10 s</exception>
    /// <exception cref="HsmNotTrustedException">the certificate does not hold under the trust</exception>
    public static Task<ClusterProbe> AskAsync(IPEndPoint hsm, ClusterTrust trust, CancellationToken cancel = default) => AskAsync(hsm, trust, null, cancel);

    /// <summary>The same, showing a certificate, for clusters that enforce mTLS.</summary>
    public static async Task<ClusterProbe> AskAsync(IPEndPoint hsm, ClusterTrust trust, SslStreamCertificateContext? client, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(hsm);
        ArgumentNullException.ThrowIfNull(trust);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Within);
        var stream = await SecureStream.OpenAsync(hsm, null, trust, client, cancel, deadline.Token).ConfigureAwait(false);
        var connection = new Connection(stream, hsm.ToString());
        await using (connection.ConfigureAwait(false))
        {
            using var instance = new InstanceKey();
            var hello = await connection.CallAsync<HelloRequest, HelloReply>(new(ProtocolLimits.Versions.ToArray(), instance.PublicKey, "probe"), Within, cancel).ConfigureAwait(false);
            return new ClusterProbe(hello.Cluster, ClusterTrust.KeySha256((X509Certificate2)stream.RemoteCertificate!));
        }
    }
}
