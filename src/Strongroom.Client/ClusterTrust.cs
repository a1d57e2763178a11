using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strongroom.Client;

/// <summary>
/// What makes a server this cluster: a certificate under the customer's own CA, and the cluster's own key in it.
/// The CA alone is not enough, since it may have certified other servers.
/// </summary>
public sealed class ClusterTrust
{
    private readonly X509Certificate2Collection _anchors;
    private readonly string? _keySha256;

    /// <summary>Creates the rule.</summary>
    /// <param name="anchors">the customer's CA, issuing CA first, the root last</param>
    /// <param name="clusterKeySha256">SHA-256 of the cluster certificate's SubjectPublicKeyInfo in hex; null to take any key under the CA</param>
    public ClusterTrust(X509Certificate2Collection anchors, string? clusterKeySha256)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        if (anchors.Count == 0)
        {
            throw new ArgumentException("there is no trust anchor", nameof(anchors));
        }

        _anchors = anchors;
        _keySha256 = clusterKeySha256;
    }

    /// <summary>Reads the customer's CA from a PEM file.</summary>
    public static ClusterTrust FromFile(string caFile, string? clusterKeySha256)
    {
        var anchors = new X509Certificate2Collection();
        anchors.ImportFromPemFile(caFile);
        return new ClusterTrust(anchors, clusterKeySha256);
    }

    /// <summary>SHA-256 of a certificate's SubjectPublicKeyInfo, in lower-case hex: the form that configuration files hold.</summary>
    public static string KeySha256(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>The customer's CA and nothing else.</summary>
    internal X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        foreach (var anchor in _anchors)
        {
            var store = anchor.SubjectName.RawData.AsSpan().SequenceEqual(anchor.IssuerName.RawData) ? policy.CustomTrustStore : policy.ExtraStore;
            store.Add(anchor);
        }

        return policy;
    }

    /// <summary>Judges the certificate that a server presented.</summary>
    /// <returns>null if it is this cluster, else why not</returns>
    internal string? Refuse(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return "the server presented no certificate";
        }

        using var chain = new X509Chain { ChainPolicy = ChainPolicy() };
        if (!chain.Build(certificate))
        {
            var reasons = string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation.Trim()).Distinct());
            return $"its certificate ({certificate.Subject}) does not hold under the customer CA: {reasons}";
        }

        var key = KeySha256(certificate);
        return _keySha256 is null || string.Equals(key, _keySha256, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"its certificate holds under the customer CA but is not the cluster's: key SHA-256 {key}, configured {_keySha256}";
    }
}
