using Strongroom.Hsm;

namespace Strongroom.Node.Birth;

/// <summary>What this HSM and its cluster are known by: signs statements, renews the cluster's certificate, tells when certificates end.</summary>
/// <param name="identity">the HSM's</param>
/// <param name="cluster">the cluster's</param>
/// <param name="module">whose trust anchors clients are known by</param>
/// <param name="clock">for what is valid now</param>
/// <param name="present">makes new connections see the certificate that is in place</param>
internal sealed class Vouching(HardwareIdentity identity, ClusterIdentity cluster, Module module, TimeProvider clock, Action present)
{
    // One renewal at a time.
    private readonly Lock _renewing = new();

    /// <summary>PEM: both certificates of the HSM's identity.</summary>
    public string HsmCertificates => $"{identity.OwnerCertificate}{identity.ManufacturerCertificate}";

    /// <summary>PEM.</summary>
    public string ClusterCertificate => cluster.Certificate;

    /// <summary>PEM: the request for another certificate of the cluster's key.</summary>
    public string Request => cluster.Request;

    /// <summary>By the HSM's identity: ECDSA with SHA-384, DER.</summary>
    public byte[] SignAsHsm(ReadOnlySpan<byte> data) => identity.AuditSigner.Sign(data);

    /// <summary>By the cluster's key: ECDSA with SHA-256, DER.</summary>
    public byte[] SignAsCluster(ReadOnlySpan<byte> data) => cluster.Sign(data);

    /// <summary>Puts another certificate of the cluster's key in place, and presents it.</summary>
    /// <exception cref="BirthException">a rule is broken; nothing is changed</exception>
    public void Renew(string certificatePem, string trustAnchorPem)
    {
        lock (_renewing)
        {
            cluster.Renew(certificatePem, trustAnchorPem, clock.GetUtcNow());
            present();
        }
    }

    /// <summary>Every certificate with its end, and how near that is.</summary>
    public IReadOnlyList<(CertificateLife Life, int Warning)> Lives()
    {
        var now = clock.GetUtcNow();
        return [.. LivesOf(cluster, identity, module).Select(life => (life, life.Warning(now)))];
    }

    /// <summary>Every certificate with its end, as far as there are any yet.</summary>
    public static IEnumerable<CertificateLife> LivesOf(ClusterIdentity? cluster, HardwareIdentity? identity, Module? module) =>
    [
        .. CertificateLife.Of("cluster", cluster?.Certificate ?? ""),
        .. CertificateLife.Of("customer-ca", cluster?.Anchor ?? ""),
        .. CertificateLife.Of("hardware-owner", identity?.OwnerCertificate ?? ""),
        .. CertificateLife.Of("hardware-manufacturer", identity?.ManufacturerCertificate ?? ""),
        .. (module?.TrustAnchors ?? []).SelectMany(anchor => CertificateLife.Of($"client-ca-{anchor.Reference}", anchor.Certificates)),
    ];
}
