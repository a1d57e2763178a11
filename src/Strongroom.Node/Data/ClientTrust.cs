using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Strongroom.Hsm;
using Strongroom.Node.Birth;
using TrustAnchor = Strongroom.Hsm.TrustAnchor;

namespace Strongroom.Node.Data;

/// <summary>
/// Which clients are known by their certificates. Certificates are asked for while the cluster has a trust anchor; one that holds under none of them counts as none; without one, clients are
/// refused while the cluster enforces mTLS. A change of anchors or enforcement ends the connections that could not come in now.
/// </summary>
internal sealed class ClientTrust : IDisposable
{
    private readonly Module _module;
    private readonly TimeProvider _clock;

    // The open connections; locked by itself.
    private readonly HashSet<DataConnection> _open = [];

    public ClientTrust(Module module, TimeProvider clock)
    {
        (_module, _clock) = (module, clock);
        _module.MtlsChanged += ReviewSoon;
    }

    /// <summary>The listener's options for one handshake, which leave in <paramref name="client"/> what the client showed.</summary>
    public SslServerAuthenticationOptions For(SslServerAuthenticationOptions options, ClientIdentity client)
    {
        if (!_module.HasTrustAnchors)
        {
            return options;
        }

        return new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = options.EnabledSslProtocols,
            ServerCertificateContext = options.ServerCertificateContext,
            ApplicationProtocols = options.ApplicationProtocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ClientCertificateRequired = true,

            // Nothing is fetched because a stranger's certificate names it.
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                client.Anchor = certificate is X509Certificate2 shown ? AnchorOf(shown, chain) : null;
                return client.Anchor is not null || !_module.IsMtlsEnforced;
            },
        };
    }

    /// <summary>Takes a connection in. One that could not come in now ends at once: the change was made while it shook hands.</summary>
    public void Add(DataConnection connection)
    {
        lock (_open)
        {
            _open.Add(connection);
        }

        Review(connection);
    }

    public void Remove(DataConnection connection)
    {
        lock (_open)
        {
            _open.Remove(connection);
        }
    }

    public void Dispose() => _module.MtlsChanged -= ReviewSoon;

    private TrustAnchor? AnchorOf(X509Certificate2 certificate, X509Chain? presented)
    {
        foreach (var anchor in _module.TrustAnchors)
        {
            if (Holds(certificate, presented?.ChainPolicy.ExtraStore, anchor))
            {
                return anchor;
            }
        }

        return null;
    }

    // RFC 5280 6.1, for client authentication; the issuing CA of the anchor, its first certificate, must be on the way.
    private bool Holds(X509Certificate2 certificate, X509Certificate2Collection? intermediates, TrustAnchor anchor)
    {
        X509Certificate2Collection authorities;
        try
        {
            authorities = Birth.TrustAnchor.Read(anchor.Certificates);
        }
        catch (BirthException)
        {
            // It was checked when it was registered; what a later version can't read lets nobody in.
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authorities[^1]);
        chain.ChainPolicy.ExtraStore.AddRange(authorities);
        if (intermediates is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        }

        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2"));
        chain.ChainPolicy.VerificationTime = _clock.GetUtcNow().UtcDateTime;
        return chain.Build(certificate) && chain.ChainElements.Skip(1).Any(element => element.Certificate.RawDataMemory.Span.SequenceEqual(authorities[0].RawDataMemory.Span));
    }

    // The store's feed must not wait for connections to end.
    private void ReviewSoon() => Task.Run(() =>
    {
        DataConnection[] open;
        lock (_open)
        {
            open = [.. _open];
        }

        Array.ForEach(open, Review);
    });

    private void Review(DataConnection connection)
    {
        var anchor = connection.ClientAnchor;
        if (anchor is not null ? !_module.TrustAnchors.Contains(anchor) : _module.IsMtlsEnforced)
        {
            connection.End(anchor is not null ? "its client's trust anchor was deregistered" : "the cluster enforces mTLS, and the client showed no certificate under a registered trust anchor");
        }
    }
}
