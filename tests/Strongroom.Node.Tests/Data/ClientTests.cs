using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>The .NET client against the real HSM.</summary>
public sealed class ClientTests(TestHsm hsm) : IClassFixture<TestHsm>
{
    private static readonly byte[] AdminPassword = "adminpassword"u8.ToArray();
    private static readonly WireAttribute[] P256 = [new(0x180, Convert.FromHexString("06082A8648CE3D030107"), null), new(0x10A, new byte[] { 1 }, null)];
    private static readonly WireAttribute[] MaySign = [new(0x108, new byte[] { 1 }, null)];
    private static readonly byte[] UserPassword = "userpassword"u8.ToArray();

    [Fact]
    public async Task Users_are_made_listed_and_deleted()
    {
        await using var client = await AdminAsync();
        await client.CreateUserAsync("Alice", Role.CryptoUser, UserPassword, Cancel);
        Assert.Contains(await client.ListUsersAsync(Cancel), user => user is { Name: "alice", Role: (ulong)Role.CryptoUser, Locked: false });
        await client.DeleteUserAsync("alice", Role.CryptoUser, Cancel);
        Assert.DoesNotContain(await client.ListUsersAsync(Cancel), user => user.Name == "alice");
    }

    [Fact]
    public async Task A_key_signs_and_its_signature_verifies()
    {
        await using var client = await CryptoUserAsync("signer");
        await using var session = await client.OpenSessionAsync(readWrite: true, Cancel);
        var pair = await session.GenerateKeyPairAsync(Mechanism(0x1040), P256, MaySign, Cancel);
        var data = "signed by a key that nobody can read"u8.ToArray();
        var signature = await session.SignAsync(Mechanism(0x1044), pair.PrivateHandle, data, Cancel);
        await session.VerifyAsync(Mechanism(0x1044), pair.PublicHandle, data, signature, Cancel);
        data[0] ^= 1;
        var refused = await Assert.ThrowsAsync<HsmRefusedException>(() => session.VerifyAsync(Mechanism(0x1044), pair.PublicHandle, data, signature, Cancel));
        Assert.Equal(0xC0UL, refused.Rv);
    }

    [Fact]
    public async Task A_login_survives_the_hsms_death_without_the_password()
    {
        await using var client = await CryptoUserAsync("survivor");
        await using var session = await client.OpenSessionAsync(readWrite: true, Cancel);
        var key = await session.GenerateKeyAsync(
            Mechanism(0x1080), [new(0x161, BitConverter.GetBytes(32UL), null), new(0x1, new byte[] { 1 }, null), new(0x3, "kept"u8.ToArray(), null)], Cancel);
        await hsm.RestartAsync();
        Assert.Equal([key], await session.FindAsync([new(0x3, "kept"u8.ToArray(), null)], Cancel));
        await session.DestroyObjectAsync(key, Cancel);
        Assert.Empty(await session.FindAsync([new(0x3, "kept"u8.ToArray(), null)], Cancel));
    }

    [Fact]
    public async Task A_wrong_password_is_refused_in_words()
    {
        await using var client = new HsmClient(hsm.Options);
        var refused = await Assert.ThrowsAsync<HsmRefusedException>(() => client.LoginAsync(UserType.User, "nobody", UserPassword, Cancel));
        Assert.Equal(0xA0UL, refused.Rv);
        Assert.NotEmpty(refused.Cause);
    }

    [Fact]
    public async Task Another_customers_ca_is_not_trusted()
    {
        using var other = new TestAuthority("somebody else");
        await using var client = new HsmClient(hsm.Options with { Trust = TestHsm.Trust(other, null) });
        await Assert.ThrowsAsync<HsmNotTrustedException>(() => client.GetClusterInfoAsync(Cancel));
    }

    [Fact]
    public async Task Another_key_under_the_right_ca_is_not_trusted()
    {
        await using var client = new HsmClient(hsm.Options with { Trust = TestHsm.Trust(hsm.Customer, new string('0', 64)) });
        var refused = await Assert.ThrowsAsync<HsmNotTrustedException>(() => client.GetClusterInfoAsync(Cancel));
        Assert.Contains("not the cluster's", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_right_key_under_the_right_ca_in_an_expired_certificate_is_not_trusted()
    {
        using var certificate = hsm.Customer.IssueServer(IPAddress.Loopback, to: DateTimeOffset.UtcNow.AddMinutes(-1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var socket = await listener.AcceptTcpClientAsync(Cancel);
            await using var stream = new SslStream(socket.GetStream());
            await Record.ExceptionAsync(() => stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = [new(ProtocolLimits.Alpn)] }, Cancel));
        }, Cancel);
        await using var client = new HsmClient(hsm.Options with { Hsms = [(IPEndPoint)listener.LocalEndpoint], Trust = TestHsm.Trust(hsm.Customer, ClusterTrust.KeySha256(certificate)) });
        var refused = await Assert.ThrowsAsync<HsmNotTrustedException>(() => client.GetClusterInfoAsync(Cancel));
        Assert.Contains("expired", refused.Message, StringComparison.Ordinal);
        await serving;
    }

    [Fact]
    public async Task Another_clusters_hsm_is_not_trusted()
    {
        await using var client = new HsmClient(hsm.Options with { ClusterId = "cluster-bbbbbbbbbbb" });
        await Assert.ThrowsAsync<HsmNotTrustedException>(() => client.GetClusterInfoAsync(Cancel));
    }

    [Fact]
    public async Task An_hsm_that_is_not_there_is_unreachable_within_the_time_given()
    {
        await using var client = new HsmClient(hsm.Options with { Hsms = [new IPEndPoint(hsm.EndPoint.Address, 2224)], ReachWithin = TimeSpan.FromMilliseconds(300) });
        Assert.False((await Assert.ThrowsAsync<HsmUnreachableException>(() => client.GetClusterInfoAsync(Cancel))).MayHaveTakenEffect);
    }

    [Fact]
    public async Task Many_callers_share_one_connection()
    {
        await using var client = new HsmClient(hsm.Options);
        var echoes = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i => BitConverter.ToInt32((await client.EchoAsync(BitConverter.GetBytes(i), Cancel)).Span)));
        Assert.Equal(Enumerable.Range(0, 300), echoes);
    }

    [Fact]
    public async Task Metrics_show_what_was_signed()
    {
        await using var client = await CryptoUserAsync("counted");
        await using var session = await client.OpenSessionAsync(readWrite: true, Cancel);
        var pair = await session.GenerateKeyPairAsync(Mechanism(0x1040), P256, MaySign, Cancel);
        var before = await SignaturesAsync();
        for (var i = 0; i < 7; i++)
        {
            await session.SignAsync(Mechanism(0x1044), pair.PrivateHandle, new byte[] { (byte)i }, Cancel);
        }

        Assert.Equal(before + 7, await SignaturesAsync());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static WireMechanism Mechanism(ulong number) => new(number, 0, null, null, null, null, null, null, null);

    private async Task<long> SignaturesAsync()
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri($"http://{hsm.EndPoint.Address}:9223/metrics"), Cancel);
        var line = text.Split('\n').Single(l => l.StartsWith("strongroom_signatures_total ", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<HsmClient> AdminAsync()
    {
        var client = new HsmClient(hsm.Options);
        await client.LoginAsync(UserType.So, "admin", AdminPassword, Cancel);
        return client;
    }

    private async Task<HsmClient> CryptoUserAsync(string name)
    {
        await using (var admin = await AdminAsync())
        {
            await admin.CreateUserAsync(name, Role.CryptoUser, UserPassword, Cancel);
        }

        var client = new HsmClient(hsm.Options);
        await client.LoginAsync(UserType.User, name, UserPassword, Cancel);
        return client;
    }
}
