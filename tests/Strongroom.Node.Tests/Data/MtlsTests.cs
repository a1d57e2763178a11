using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Client certificates at the real listener: trust anchors, enforcement, and what a change does to open connections.</summary>
public sealed class MtlsTests(TestHsm hsm) : IClassFixture<TestHsm>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enforcement_lets_in_only_clients_of_registered_anchors_and_ends_the_others_at_once()
    {
        using var customers = new Authority("customer");
        using var partners = new Authority("partner");
        using var strangers = new Authority("stranger");
        await using var plain = Client(null, Patience);
        await using var customer = Client(customers.Issue(), Patience);
        await using var partner = Client(partners.Issue(), Patience);
        await LoginAsync(plain);

        // Before there is an anchor nobody is asked for a certificate, and the enforcement is nobody's to set.
        Assert.Empty(await plain.ListTrustAnchorsAsync(Cancel));
        Assert.Contains("mTLS", (await Assert.ThrowsAsync<HsmRefusedException>(() => plain.SetMtlsEnforcementAsync(true, Cancel))).Cause, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HsmRefusedException>(() => plain.RegisterTrustAnchorAsync("no certificate", Cancel));
        await Assert.ThrowsAsync<HsmRefusedException>(() => plain.RegisterTrustAnchorAsync(customers.Issue().TargetCertificate.ExportCertificatePem(), Cancel));
        Assert.Equal(1UL, await plain.RegisterTrustAnchorAsync(customers.Pem, Cancel));
        Assert.Equal(2UL, await plain.RegisterTrustAnchorAsync(partners.Pem, Cancel));
        await Assert.ThrowsAsync<HsmRefusedException>(() => plain.RegisterTrustAnchorAsync(strangers.Pem, Cancel));
        Assert.False(await plain.GetMtlsEnforcementAsync(Cancel));

        await LoginAsync(customer);
        await partner.EchoAsync(new byte[1], Cancel);
        await Assert.ThrowsAsync<HsmRefusedException>(() => plain.SetMtlsEnforcementAsync(true, Cancel));
        await customer.SetMtlsEnforcementAsync(true, Cancel);

        // Those who showed a certificate go on; the open connection without one has ended, and no new one comes in.
        Assert.True(await customer.GetMtlsEnforcementAsync(Cancel));
        await partner.EchoAsync(new byte[1], Cancel);
        await RefusedAsync(plain);
        await using (var stranger = Client(strangers.Issue()))
        {
            await RefusedAsync(stranger);
        }

        await using (var expired = Client(customers.Issue(valid: false)))
        {
            await RefusedAsync(expired);
        }

        await using (var server = Client(customers.Issue(usage: "1.3.6.1.5.5.7.3.1")))
        {
            await RefusedAsync(server);
        }

        // An anchor that goes takes its connections along, and the last one stays.
        await customer.DeregisterTrustAnchorAsync(2, Cancel);
        await RefusedAsync(partner);
        Assert.Contains("only one", (await Assert.ThrowsAsync<HsmRefusedException>(() => customer.DeregisterTrustAnchorAsync(1, Cancel))).Cause, StringComparison.Ordinal);
        await customer.SetMtlsEnforcementAsync(false, Cancel);
        await using var again = Client(null, Patience);
        await again.EchoAsync(new byte[1], Cancel);
        await customer.DeregisterTrustAnchorAsync(1, Cancel);
        Assert.Empty(await again.ListTrustAnchorsAsync(Cancel));
    }

    // Who is refused from the start tries as long as it was told; who comes in first has time for that on a busy machine.
    private HsmClient Client(SslStreamCertificateContext? certificate, TimeSpan? within = null) =>
        new(hsm.Options with { ClientCertificate = certificate, ReachWithin = within ?? TimeSpan.FromSeconds(1) });

    private static Task LoginAsync(HsmClient client) => client.LoginAsync(UserType.So, "admin", "adminpassword"u8.ToArray(), Cancel);

    private static async Task RefusedAsync(HsmClient client) => await Assert.ThrowsAsync<HsmUnreachableException>(() => client.EchoAsync(new byte[1], Cancel));

    /// <summary>A CA of clients.</summary>
    private sealed class Authority : IDisposable
    {
        private readonly X509Certificate2 _root;

        public Authority(string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(10));
        }

        public string Pem => _root.ExportCertificatePem();

        public SslStreamCertificateContext Issue(bool valid = true, string usage = "1.3.6.1.5.5.7.3.2")
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
            using var certificate = request.Create(_root, DateTimeOffset.UtcNow.AddDays(-5), DateTimeOffset.UtcNow.AddDays(valid ? 5 : -1), RandomNumberGenerator.GetBytes(8));
            return SslStreamCertificateContext.Create(certificate.CopyWithPrivateKey(key), null, offline: true);
        }

        public void Dispose() => _root.Dispose();
    }
}
