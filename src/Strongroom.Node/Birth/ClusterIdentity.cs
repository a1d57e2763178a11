using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Strongroom.Crypto;
using Strongroom.Node.State;
using Strongroom.Node.Trust;
using Strongroom.Store;
using Strongroom.Store.Sealing;

namespace Strongroom.Node.Birth;

/// <summary>
/// What makes an HSM a member of a cluster: the cluster's id, its key pair for TLS, and the cluster key under which everything is sealed.
/// The key pair is on P-256: a handshake costs the HSM a tenth of what RSA-2048 costs, and every client that speaks TLS 1.3 knows it.
/// </summary>
internal sealed partial class ClusterIdentity : IDisposable
{
    private const string BirthItem = "cluster.sealed";
    private const string TlsKeyItem = "cluster-tls-key.sealed";
    private const string ClusterKeyItem = "cluster-key.sealed";
    private const string CsrItem = "cluster.csr";
    private const string HsmCertificateItem = "hsm.crt";
    private const string CertificateItem = "cluster.crt";
    private const string AnchorItem = "customerCA.crt";
    private const string RenewalItem = "cluster.renewal";
    private const byte FormatVersion = 1;

    private readonly StateDirectory _state;
    private readonly EvpKey _tlsKey;

    private ClusterIdentity(StateDirectory state, ClusterId cluster, EvpKey tlsKey, ClusterKeys keys)
    {
        _state = state;
        Cluster = cluster;
        _tlsKey = tlsKey;
        Keys = keys;
    }

    /// <summary>cluster-…</summary>
    public ClusterId Cluster { get; }

    /// <summary>The cluster keys, one an epoch.</summary>
    public ClusterKeys Keys { get; }

    /// <summary>PEM; only until initialised.</summary>
    public string Csr => IsInitialized ? "" : _state.ReadText(CsrItem);

    /// <summary>PEM: this HSM says that it made the cluster's key pair.</summary>
    public string HsmCertificate => _state.ReadText(HsmCertificateItem);

    /// <summary>PEM: the request for a certificate of the cluster's key, also later on.</summary>
    public string Request => _state.ReadText(CsrItem);

    /// <summary>PEM: the customer's CA, issuing CA first; empty before.</summary>
    public string Anchor => _state.ReadText(AnchorItem);

    /// <summary>PEM: the customer's claim, or empty before.</summary>
    public string Certificate => _state.ReadText(CertificateItem);

    /// <summary>Whether the customer has claimed the cluster.</summary>
    public bool IsInitialized => _state.Has(CertificateItem) && _state.Has(AnchorItem);

    /// <summary>Whether a birth was completed in this state directory.</summary>
    public static bool Exists(StateDirectory state) => state.Has(BirthItem);

    /// <summary>Draws everything that a new cluster needs. It counts once <see cref="Complete"/> has been called; until then <see cref="Discard"/> undoes it.</summary>
    /// <exception cref="BirthException">the id or mode is none</exception>
    public static ClusterIdentity Draw(StateDirectory state, RootKey root, HardwareIdentity identity, string cluster, string mode, DateTimeOffset now)
    {
        if (!ClusterName().IsMatch(cluster))
        {
            throw new BirthException($"{cluster} is not a cluster id (cluster- and 11 to 16 of 2-7 and a-z)");
        }

        if (!identity.IsCertified)
        {
            throw new BirthException("this HSM has no hardware certificates yet; hold the ceremony first");
        }

        var tlsKey = EvpKey.GenerateEc(EcCurve.P256);
        using (var encoded = tlsKey.ToPkcs8())
        {
            state.WriteSealed(root, TlsKeyItem, encoded.Span);
        }

        const ulong firstEpoch = 1;
        using (var record = SecretBuffer.Random(sizeof(ulong) + ClusterKeys.KeyLength))
        {
            BinaryPrimitives.WriteUInt64BigEndian(record.Span, firstEpoch);
            state.WriteSealed(root, ClusterKeyItem, record.Span);
        }

        // The form of CloudHSM's subject (cloudhsm.md 1.1), with our own organisation.
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName($"HSM:{state.Hsm.Hsm}:PARTN:1, for {mode} mode");
        name.AddOrganizationalUnitName(cluster);
        name.AddOrganizationName("Strongroom");
        var subject = name.Build();
        var signatures = new KeySignatures(tlsKey);
        var request = new CertificateRequest(subject, signatures.PublicKey, signatures.Hash);
        state.WriteText(CsrItem, Pem.Request(request.CreateSigningRequest(signatures)));
        using var certificate = identity.Certify(subject, signatures.PublicKey, now);
        state.WriteText(HsmCertificateItem, Pem.Certificate(certificate));
        return new ClusterIdentity(state, new ClusterId(cluster), tlsKey, ReadKeys(state, root, new ClusterId(cluster)));
    }

    /// <summary>The birth is over: from now on a start of this HSM opens the cluster.</summary>
    public void Complete(RootKey root) => _state.WriteSealed(root, BirthItem, [FormatVersion, .. System.Text.Encoding.ASCII.GetBytes(Cluster.Value)]);

    /// <summary>Removes what an interrupted birth left.</summary>
    public static void Discard(StateDirectory state) => state.Remove(TlsKeyItem, ClusterKeyItem, CsrItem, HsmCertificateItem);

    /// <summary>Opens what a completed birth wrote.</summary>
    /// <exception cref="StateException">an item is missing or was changed</exception>
    public static ClusterIdentity Open(StateDirectory state, RootKey root)
    {
        using var birth = state.ReadSealed(root, BirthItem);
        if (birth.Length < 2 || birth.Span[0] != FormatVersion)
        {
            throw new StateException($"{state.File(BirthItem)} has a format of another version");
        }

        var cluster = new ClusterId(System.Text.Encoding.ASCII.GetString(birth.Span[1..]));
        using var encoded = state.ReadSealed(root, TlsKeyItem);
        var tlsKey = EvpKey.FromPkcs8(encoded.Span) ?? throw new StateException($"{state.File(TlsKeyItem)} holds no key");
        FinishRenewal(state);
        return new ClusterIdentity(state, cluster, tlsKey, ReadKeys(state, root, cluster));
    }

    /// <summary>Takes the customer's claim.</summary>
    /// <exception cref="BirthException">a rule is broken; nothing is changed</exception>
    public void Initialize(string signedCertPem, string trustAnchorPem, DateTimeOffset now)
    {
        if (IsInitialized)
        {
            throw new BirthException("this cluster is initialized already");
        }

        var (certificate, anchor) = Check(signedCertPem, trustAnchorPem, now);
        _state.WriteText(AnchorItem, anchor);
        _state.WriteText(CertificateItem, certificate); // last: with it the cluster counts as initialised
    }

    /// <summary>Another certificate of the same key, under the same or another CA. Both files change, or after a crash the next start changes them.</summary>
    /// <exception cref="BirthException">a rule is broken; nothing is changed</exception>
    public void Renew(string certificatePem, string trustAnchorPem, DateTimeOffset now)
    {
        if (!IsInitialized)
        {
            throw new BirthException("this cluster has no certificate yet: initialize it");
        }

        var (certificate, anchor) = Check(certificatePem, trustAnchorPem, now);
        _state.WriteText(RenewalItem, certificate + anchor);
        Fault.Point("renewal.written");
        FinishRenewal(_state);
    }

    /// <summary>Signs with the cluster's key: ECDSA with SHA-256, DER.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signatures = new KeySignatures(_tlsKey);
        return signatures.SignData(data.ToArray(), signatures.Hash);
    }

    // The first certificate of the renewal is the cluster's, the others are its CA.
    private static void FinishRenewal(StateDirectory state)
    {
        if (!state.Has(RenewalItem))
        {
            return;
        }

        var certificates = Pem.Certificates(state.ReadText(RenewalItem), RenewalItem, 1 + TrustAnchor.MostCertificates);
        state.WriteText(AnchorItem, string.Concat(certificates.Skip(1).Select(Pem.Certificate)));
        Fault.Point("renewal.half-done");
        state.WriteText(CertificateItem, Pem.Certificate(certificates[0]));
        state.Remove(RenewalItem);
    }

    private (string Certificate, string Anchor) Check(string certificatePem, string trustAnchorPem, DateTimeOffset now)
    {
        using var certificate = Pem.OneCertificate(certificatePem, "the signed certificate");
        if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_tlsKey.SubjectPublicKeyInfo()))
        {
            throw new BirthException("the signed certificate's public key is not the one of this cluster's CSR");
        }

        var anchors = TrustAnchor.Read(trustAnchorPem);
        TrustAnchor.RequireHolds(certificate, anchors, now);
        return (Pem.Certificate(certificate), string.Concat(anchors.Select(Pem.Certificate)));
    }

    /// <summary>The certificate that the listener presents, with its private key as a libcrypto object.</summary>
    /// <exception cref="StateException">cluster.crt is not for this cluster's key</exception>
    public X509Certificate2 TlsCertificate()
    {
        using var certificate = Pem.OneCertificate(Certificate, CertificateItem);
        if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_tlsKey.SubjectPublicKeyInfo()))
        {
            throw new StateException($"{_state.File(CertificateItem)} is not for this cluster's key");
        }

        using var handle = new SafeEvpPKeyHandle(_tlsKey.DangerousGetHandle(), ownsHandle: false);
        using var key = new ECDsaOpenSsl(handle);
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>The CAs between the certificate and the root, for clients that hold only the root.</summary>
    public X509Certificate2Collection Intermediates()
    {
        var anchors = TrustAnchor.Read(_state.ReadText(AnchorItem));
        return [.. anchors.Take(anchors.Count - 1)];
    }

    public void Dispose()
    {
        _tlsKey.Dispose();
        Keys.Dispose();
    }

    private static ClusterKeys ReadKeys(StateDirectory state, RootKey root, ClusterId cluster)
    {
        const int entry = sizeof(ulong) + ClusterKeys.KeyLength;
        using var record = state.ReadSealed(root, ClusterKeyItem);
        if (record.Length == 0 || record.Length % entry != 0)
        {
            throw new StateException($"{state.File(ClusterKeyItem)} has {record.Length} bytes, not a multiple of {entry}");
        }

        var keys = new ClusterKeys(cluster);
        for (var at = 0; at < record.Length; at += entry)
        {
            keys.Add(BinaryPrimitives.ReadUInt64BigEndian(record.Span[at..]), SecretBuffer.CopyOf(record.Span.Slice(at + sizeof(ulong), ClusterKeys.KeyLength)));
        }

        return keys;
    }

    [GeneratedRegex("^cluster-[2-7a-zA-Z]{11,16}$", RegexOptions.CultureInvariant)]
    private static partial Regex ClusterName();
}
