using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Strongroom.Crypto;
using Strongroom.Node.Backups;
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
    private const string RenewalItem = "cluster-renewal.sealed";
    private const byte FormatVersion = 3;
    private const int DigestSize = SHA256.HashSizeInBytes;
    private const int ClaimItems = 2;

    // Public, so they lie open; the birth item has their digests in this order. The first two come with the customer's claim.
    private static readonly string[] PublicItems = [CertificateItem, AnchorItem, CsrItem, HsmCertificateItem, HardwareIdentity.RequestItem, HardwareIdentity.OwnerItem, HardwareIdentity.ManufacturerItem];

    /// <summary>The customer's CA, public.</summary>
    public const string AnchorItem = "customerCA.crt";

    /// <summary>Says what backup this HSM's cluster came from, until its store was accepted.</summary>
    public const string RestoredItem = "restored-from";

    private readonly StateDirectory _state;
    private readonly RootKey _root;
    private readonly EvpKey _tlsKey;

    private ClusterIdentity(StateDirectory state, RootKey root, ClusterId cluster, EvpKey tlsKey, ClusterKeys keys)
    {
        _state = state;
        _root = root;
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
    /// <exception cref="StateException">it was, but what says so is gone</exception>
    public static bool Exists(StateDirectory state) => state.Has(BirthItem) || (!state.Has(CertificateItem) || state.Has(RestoredItem)
        ? false
        : throw new StateException($"{state.File(BirthItem)} is missing, although there is a cluster's certificate beside it; put it back from a copy of the directory"));

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
        return new ClusterIdentity(state, root, new ClusterId(cluster), tlsKey, ReadKeys(state, root, new ClusterId(cluster)));
    }

    /// <summary>The birth is over: from now on a start of this HSM opens the cluster.</summary>
    /// <remarks>
    /// The item is [3, SHA-256 of each public item, cluster id], so that no public file can be exchanged; one that is not there yet has the digest of nothing.
    /// Earlier versions wrote [1, cluster id], and [2, SHA-256 of cluster.crt, SHA-256 of customerCA.crt, cluster id].
    /// </remarks>
    public void Complete() =>
        _state.WriteSealed(_root, BirthItem, [FormatVersion, .. PublicItems.SelectMany(item => DigestOf(_state, item)), .. System.Text.Encoding.ASCII.GetBytes(Cluster.Value)]);

    /// <summary>Removes what an interrupted birth left.</summary>
    public static void Discard(StateDirectory state) => state.Remove(TlsKeyItem, ClusterKeyItem, CsrItem, HsmCertificateItem, CertificateItem, AnchorItem);

    /// <summary>Opens what a completed birth wrote.</summary>
    /// <exception cref="StateException">an item is missing or was changed</exception>
    public static ClusterIdentity Open(StateDirectory state, RootKey root)
    {
        using var birth = state.ReadSealed(root, BirthItem);
        var digests = birth.Span[0] switch { FormatVersion => PublicItems.Length, 2 => ClaimItems, 1 => 0, _ => throw new StateException($"{state.File(BirthItem)} has a format of another version") };
        var isClaimed = digests > 0 && !birth.Span.Slice(1, DigestSize).SequenceEqual(SHA256.HashData([]));
        var isRenewed = WriteRenewal(state, root);
        for (var i = isClaimed && !isRenewed ? 0 : ClaimItems; i < digests; i++)
        {
            RequireSame(state, PublicItems[i], birth.Span.Slice(1 + (i * DigestSize), DigestSize));
        }

        var name = 1 + (digests * DigestSize);
        var cluster = new ClusterId(System.Text.Encoding.ASCII.GetString(birth.Span[name..]));
        using var encoded = state.ReadSealed(root, TlsKeyItem);
        var tlsKey = EvpKey.FromPkcs8(encoded.Span) ?? throw new StateException($"{state.File(TlsKeyItem)} holds no key");
        var opened = new ClusterIdentity(state, root, cluster, tlsKey, ReadKeys(state, root, cluster));
        if (isRenewed || digests < PublicItems.Length || (!isClaimed && opened.IsInitialized))
        {
            opened.Complete(); // by an earlier version, or interrupted before its end
            state.Remove(RenewalItem);
        }

        return opened;
    }

    /// <summary>Hands out what a backup needs of a cluster, in the order in which <see cref="BackupReader.Items"/> has it.</summary>
    public static void Export(StateDirectory state, RootKey root, Action<string, ReadOnlySpan<byte>> write)
    {
        using var tlsKey = state.ReadSealed(root, TlsKeyItem);
        using var keys = state.ReadSealed(root, ClusterKeyItem);
        write(BackupReader.TlsKey, tlsKey.Span);
        write(BackupReader.ClusterKey, keys.Span);
        write(BackupReader.Certificate, System.Text.Encoding.UTF8.GetBytes(state.ReadText(CertificateItem)));
        write(BackupReader.TrustAnchor, System.Text.Encoding.UTF8.GetBytes(state.ReadText(AnchorItem)));
    }

    /// <summary>Takes what <see cref="Export"/> gave into another HSM's state directory. It counts once <see cref="Complete"/> has been called.</summary>
    /// <param name="state">of the HSM that takes it</param>
    /// <param name="root">of the same</param>
    /// <param name="identity">of the same</param>
    /// <param name="cluster">whose backup it is</param>
    /// <param name="read">an item of the backup</param>
    /// <param name="now">for the certificate that says whose the key is</param>
    public static ClusterIdentity Import(StateDirectory state, RootKey root, HardwareIdentity identity, ClusterId cluster, Func<string, SecretBuffer> read, DateTimeOffset now)
    {
        if (!ClusterName().IsMatch(cluster.Value))
        {
            throw new StateException($"{cluster} is not a cluster id");
        }

        using var tlsKey = read(BackupReader.TlsKey);
        using var keys = read(BackupReader.ClusterKey);
        using var certificate = read(BackupReader.Certificate);
        using var anchor = read(BackupReader.TrustAnchor);
        var key = EvpKey.FromPkcs8(tlsKey.Span) ?? throw new StateException("the backup holds no key pair of the cluster");
        state.WriteSealed(root, TlsKeyItem, tlsKey.Span);
        state.WriteSealed(root, ClusterKeyItem, keys.Span);
        state.WriteText(AnchorItem, System.Text.Encoding.UTF8.GetString(anchor.Span));
        state.WriteText(CertificateItem, System.Text.Encoding.UTF8.GetString(certificate.Span));
        using var claimed = Pem.OneCertificate(state.ReadText(CertificateItem), CertificateItem);
        var signatures = new KeySignatures(key);
        state.WriteText(CsrItem, Pem.Request(new CertificateRequest(claimed.SubjectName, signatures.PublicKey, signatures.Hash).CreateSigningRequest(signatures)));
        using var certified = identity.Certify(claimed.SubjectName, signatures.PublicKey, now);
        state.WriteText(HsmCertificateItem, Pem.Certificate(certified));
        return new ClusterIdentity(state, root, cluster, key, ReadKeys(state, root, cluster));
    }

    /// <summary>Draws the cluster key of a new epoch, unless one that is new enough was drawn before.</summary>
    /// <param name="state">whose</param>
    /// <param name="root">of the same</param>
    /// <param name="after">the epoch it must be past</param>
    public static void BeginEpoch(StateDirectory state, RootKey root, ulong after)
    {
        using var before = state.ReadSealed(root, ClusterKeyItem);
        var newest = before.Length == 0 ? 0 : BinaryPrimitives.ReadUInt64BigEndian(before.Span[^(sizeof(ulong) + ClusterKeys.KeyLength)..]);
        if (newest > after)
        {
            return;
        }

        using var with = SecretBuffer.Random(before.Length + sizeof(ulong) + ClusterKeys.KeyLength);
        before.Span.CopyTo(with.Span);
        BinaryPrimitives.WriteUInt64BigEndian(with.Span[before.Length..], after + 1);
        state.WriteSealed(root, ClusterKeyItem, with.Span);
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
        _state.WriteText(CertificateItem, certificate); // with it the cluster counts as initialised
        Complete();
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
        _state.WriteSealed(_root, RenewalItem, System.Text.Encoding.ASCII.GetBytes(certificate + anchor));
        Fault.Point("renewal.written");
        WriteRenewal(_state, _root);
        Complete();
        _state.Remove(RenewalItem);
    }

    /// <summary>Signs with the cluster's key: ECDSA with SHA-256, DER.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signatures = new KeySignatures(_tlsKey);
        return signatures.SignData(data.ToArray(), signatures.Hash);
    }

    // The first certificate of the renewal is the cluster's, the others are its CA. Returns whether there was one; it is removed when the birth item has both files' digests.
    private static bool WriteRenewal(StateDirectory state, RootKey root)
    {
        if (!state.Has(RenewalItem))
        {
            return false;
        }

        using var renewal = state.ReadSealed(root, RenewalItem);
        var certificates = Pem.Certificates(System.Text.Encoding.ASCII.GetString(renewal.Span), RenewalItem, 1 + TrustAnchor.MostCertificates);
        state.WriteText(AnchorItem, string.Concat(certificates.Skip(1).Select(Pem.Certificate)));
        state.WriteText(CertificateItem, Pem.Certificate(certificates[0]));
        return true;
    }

    private static byte[] DigestOf(StateDirectory state, string item) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(state.ReadText(item)));

    private static void RequireSame(StateDirectory state, string item, ReadOnlySpan<byte> digest)
    {
        if (!state.Has(item))
        {
            throw new StateException($"{state.File(item)} is missing");
        }

        if (!DigestOf(state, item).AsSpan().SequenceEqual(digest))
        {
            throw new StateException($"{state.File(item)} was changed: it is not what this HSM wrote there");
        }
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

    private static ClusterKeys ReadKeys(StateDirectory state, RootKey root, ClusterId cluster) => ReadKeys(state.ReadSealed(root, ClusterKeyItem), cluster, state.File(ClusterKeyItem));

    /// <summary>Reads the cluster keys from the form in which they are kept: an epoch in 8 bytes and its key, oldest first.</summary>
    /// <param name="kept">disposed by this</param>
    /// <param name="cluster">whose</param>
    /// <param name="path">for messages</param>
    public static ClusterKeys ReadKeys(SecretBuffer kept, ClusterId cluster, string path)
    {
        const int entry = sizeof(ulong) + ClusterKeys.KeyLength;
        using var record = kept;
        if (record.Length == 0 || record.Length % entry != 0)
        {
            throw new StateException($"{path} has {record.Length} bytes, not a multiple of {entry}");
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
