using System.Net;
using System.Net.Security;

namespace Strongroom.Client;

/// <summary>How to reach a cluster.</summary>
public sealed record HsmClientOptions
{
    /// <summary>cluster-…; compared with what the HSM says.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The cluster's HSMs, port 2223 each; tried in this order, from the one that answered last.</summary>
    public required IReadOnlyList<IPEndPoint> Hsms { get; init; }

    /// <summary>What makes a server this cluster.</summary>
    public required ClusterTrust Trust { get; init; }

    /// <summary>The certificate that this client shows, for clusters that enforce mTLS; null: none.</summary>
    public SslStreamCertificateContext? ClientCertificate { get; init; }

    /// <summary>Name and version of the application, for the HSM's log; at most 128 bytes.</summary>
    public string Application { get; init; } = "strongroom-dotnet";

    /// <summary>How long a call looks for an HSM that answers, over all tries.</summary>
    public TimeSpan ReachWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call waits for its reply once it is sent. Making an RSA-4096 key takes seconds.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(60);
}
