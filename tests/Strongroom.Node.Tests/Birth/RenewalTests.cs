using System.Security.Cryptography.X509Certificates;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Birth;

/// <summary>Another certificate for the cluster's key, and how near the end of one is.</summary>
public sealed class RenewalTests(TestHsm hsm) : IClassFixture<TestHsm>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(61, 0)]
    [InlineData(59.9, 60)]
    [InlineData(30.1, 60)]
    [InlineData(29.9, 30)]
    [InlineData(7.1, 30)]
    [InlineData(6.9, 7)]
    [InlineData(-1, 7)]
    public void A_warning_comes_60_30_and_7_days_before_the_end(double daysLeft, int warning)
    {
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(warning, new CertificateLife("cluster", "CN=x", now.AddDays(daysLeft)).Warning(now));
    }

    // Whenever the process dies, certificate and CA are of one of the two, never of both.
    [Fact]
    public async Task A_renewal_that_a_crash_cuts_off_leaves_the_old_or_the_new_and_no_mixture()
    {
        using var next = new TestAuthority("the next CA");
        var request = File.ReadAllText(Path.Combine(hsm.State, "cluster.csr"));
        TestAuthority[] authorities = [hsm.Customer, next];
        int[] milliseconds = [0, 3, 6, 12];
        for (var round = 0; round < milliseconds.Length; round++)
        {
            var authority = authorities[(round + 1) % 2];
            var both = hsm.Options with { Trust = new ClusterTrust([X509Certificate2.CreateFromPem(hsm.Customer.Pem), X509Certificate2.CreateFromPem(next.Pem)], null) };
            await using (var client = new HsmClient(both))
            {
                await client.LoginAsync(UserType.So, "admin", "adminpassword"u8.ToArray(), Cancel);
                var installing = client.CallAsync<InstallCertificateRequest, InstallCertificateReply>(new(authority.Sign(request), authority.Pem), Cancel);
                await Task.Delay(milliseconds[round], Cancel);
                await hsm.RestartAsync();
                await installing.ContinueWith(_ => { }, TaskScheduler.Default);
            }

            await using var after = new HsmClient(both);
            var lives = (await after.CallAsync<GetHealthRequest, GetHealthReply>(new(), Cancel)).Certificates;
            var anchor = lives.Single(life => life.Name == "customer-ca").Subject;
            using var presented = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(hsm.State, "cluster.crt")));
            Assert.Equal(presented.Issuer, anchor);
            Assert.False(File.Exists(Path.Combine(hsm.State, "cluster-renewal.sealed")));
        }
    }
}
