using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>What comes over port 2223, right and wrong. Every test ends with a look whether others are still served.</summary>
public sealed class DataListenerTests(TestHsm hsm) : IClassFixture<TestHsm>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await using var other = new HsmClient(hsm.Options);
        Assert.Equal([1, 2, 3], (await other.EchoAsync(new byte[] { 1, 2, 3 })).ToArray());
    }

    [Fact]
    public async Task Requests_in_one_write_are_all_answered_by_their_ids()
    {
        using var raw = await RawConnection.AttachedAsync(hsm.EndPoint);
        var all = Enumerable.Range(0, 500).SelectMany(i => RawConnection.Frame<EchoRequest, EchoReply>((ulong)i, new(BitConverter.GetBytes(i)))).ToArray();
        await raw.Stream.WriteAsync(all, TestContext.Current.CancellationToken);
        var seen = new HashSet<ulong>();
        for (var i = 0; i < 500; i++)
        {
            var head = await raw.ReceiveAsync();
            Assert.Equal((int)head.Id, BitConverter.ToInt32(raw.Reader.Fields<EchoReply>().Data.Span));
            seen.Add(head.Id);
        }

        Assert.Equal(500, seen.Count);
    }

    [Fact]
    public async Task The_largest_request_comes_back_byte_for_byte()
    {
        await using var client = new HsmClient(hsm.Options);
        var data = new byte[ProtocolLimits.Data];
        System.Security.Cryptography.RandomNumberGenerator.Fill(data);
        Assert.True((await client.EchoAsync(data, TestContext.Current.CancellationToken)).Span.SequenceEqual(data));
    }

    [Fact]
    public async Task A_frame_in_single_bytes_is_a_frame()
    {
        using var raw = await RawConnection.AttachedAsync(hsm.EndPoint);
        foreach (var part in RawConnection.Frame<EchoRequest, EchoReply>(9, new("slow"u8.ToArray())))
        {
            await raw.Stream.WriteAsync(new[] { part }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(9UL, (await raw.ReceiveAsync()).Id);
        Assert.Equal("slow"u8.ToArray(), raw.Reader.Fields<EchoReply>().Data.ToArray());
    }

    [Theory]
    [InlineData("ffffffff", "4294967295")]
    [InlineData("00110001", "1114113")]
    [InlineData("00000000", "0 bytes")]
    [InlineData("0000000584010300ff", "request")]
    [InlineData("000000079f01030000410aff", "request")]
    [InlineData("00000006840103000000", "EchoRequest")]
    [InlineData("000000088501030000410a00", "follow the array")]
    [InlineData("0000000785010300006 10a", "EchoRequest")]
    public async Task A_malformed_frame_ends_its_connection_with_the_cause_in_the_log(string hex, string cause)
    {
        using var raw = await RawConnection.AttachedAsync(hsm.EndPoint);
        var before = hsm.Process.Log.Length;
        await raw.Stream.WriteAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        Assert.True(await raw.IsClosedAsync());
        Assert.True(await Eventually(() => hsm.Process.Log[before..].Contains(cause, StringComparison.Ordinal)), hsm.Process.Log[before..]);
    }

    [Fact]
    public async Task What_was_asked_before_a_malformed_frame_of_the_same_write_is_answered()
    {
        using var raw = await RawConnection.AttachedAsync(hsm.EndPoint);
        byte[] both = [.. RawConnection.Frame<EchoRequest, EchoReply>(9, new("before"u8.ToArray())), .. new byte[4]];
        await raw.Stream.WriteAsync(both, TestContext.Current.CancellationToken);
        Assert.Equal(9UL, (await raw.ReceiveAsync()).Id);
        Assert.True(await raw.IsClosedAsync());
    }

    [Fact]
    public async Task A_function_that_does_not_exist_is_refused_and_the_connection_goes_on()
    {
        using var raw = await RawConnection.AttachedAsync(hsm.EndPoint);
        await raw.Stream.WriteAsync(new byte[] { 0, 0, 0, 7, 0x84, 5, 0x19, 0x27, 0x0F, 0, 0 }, TestContext.Current.CancellationToken);
        var head = await raw.ReceiveAsync();
        Assert.Equal((5UL, 0x54UL), (head.Id, head.Rv));
        await raw.SendAsync<EchoRequest, EchoReply>(6, new(new byte[1]));
        Assert.Equal((6UL, 0UL), ((await raw.ReceiveAsync()).Id, 0UL));
    }

    [Fact]
    public async Task Nothing_is_served_before_the_instance_has_proved_its_key()
    {
        using (var raw = await RawConnection.OpenAsync(hsm.EndPoint))
        {
            await raw.SendAsync<EchoRequest, EchoReply>(1, new(new byte[1]));
            Assert.True(await raw.IsClosedAsync());
        }

        using (var raw = await RawConnection.OpenAsync(hsm.EndPoint))
        {
            await raw.HelloAsync();
            await raw.SendAsync<GenerateKeyRequest, GenerateKeyReply>(2, new(3, 1, new WireMechanism(0x1080, 0, null, null, null, null, null, null, null), []));
            Assert.True(await raw.IsClosedAsync());
        }

        using (var raw = await RawConnection.OpenAsync(hsm.EndPoint))
        {
            await raw.SendAsync<AttachRequest, AttachReply>(1, new(new byte[64], null));
            Assert.True(await raw.IsClosedAsync());
        }
    }

    [Fact]
    public async Task A_wrong_proof_is_refused_and_its_challenge_is_spent()
    {
        using var raw = await RawConnection.OpenAsync(hsm.EndPoint);
        var message = await raw.HelloAsync();
        using var other = new InstanceKey();
        Assert.NotEqual(0UL, (await raw.AttachAsync(other.Sign(message))).Rv);
        Assert.True(await raw.IsClosedAsync());
    }

    [Fact]
    public async Task A_proof_from_another_connection_is_refused()
    {
        using var first = await RawConnection.OpenAsync(hsm.EndPoint);
        var proof = first.Key.Sign(await first.HelloAsync());
        using var second = await RawConnection.OpenAsync(hsm.EndPoint);
        await second.SendAsync<HelloRequest, HelloReply>(1, new([1], first.Key.PublicKey, "replay"));
        await second.ReceiveAsync();
        Assert.NotEqual(0UL, (await second.AttachAsync(proof)).Rv);
    }

    [Fact]
    public async Task A_client_of_another_version_is_told_so()
    {
        using var raw = await RawConnection.OpenAsync(hsm.EndPoint);
        await raw.SendAsync<HelloRequest, HelloReply>(1, new([2, 3], raw.Key.PublicKey, "from the future"));
        Assert.NotEqual(0UL, (await raw.ReceiveAsync()).Rv);
        Assert.Contains("version", raw.Reader.Cause(), StringComparison.Ordinal);
        Assert.True(await raw.IsClosedAsync());
    }

    [Fact]
    public async Task A_greeting_may_not_be_long()
    {
        using var raw = await RawConnection.OpenAsync(hsm.EndPoint);
        await raw.Stream.WriteAsync(new byte[] { 0, 0, 0x20, 0 }, TestContext.Current.CancellationToken);
        Assert.True(await raw.IsClosedAsync());
    }

    [Fact]
    public async Task Tls_below_1_3_is_refused()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(hsm.EndPoint, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(socket.GetStream(), false, RawConnection.AnyCertificate);
        var refused = await Record.ExceptionAsync(() => stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "x", EnabledSslProtocols = SslProtocols.Tls12, ApplicationProtocols = [new(ProtocolLimits.Alpn)] }, TestContext.Current.CancellationToken));
        Assert.True(refused is AuthenticationException or IOException, refused?.ToString() ?? "accepted");
    }

    [Fact]
    public async Task Who_says_nothing_is_dropped()
    {
        using var raw = await RawConnection.OpenAsync(hsm.EndPoint);
        Assert.True(await raw.IsClosedAsync(TimeSpan.FromSeconds(16)));
    }

    [Fact]
    public async Task Connections_that_never_finish_their_handshake_leave_room_for_others()
    {
        var flood = new List<Socket>();
        try
        {
            for (var i = 0; i < 600; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                flood.Add(socket);
                try
                {
                    await socket.ConnectAsync(hsm.EndPoint, TestContext.Current.CancellationToken);
                }
                catch (SocketException)
                {
                    // Turned away so soon that connecting already fails.
                }
            }

            Assert.True(await Eventually(() => hsm.Process.Log.Contains("256 handshakes are under way", StringComparison.Ordinal)));

            // 256 places are taken for 10 seconds; the client goes on trying until one is free.
            await using var client = new HsmClient(hsm.Options with { ReachWithin = TimeSpan.FromSeconds(30) });
            Assert.Equal([7], (await client.EchoAsync(new byte[] { 7 }, TestContext.Current.CancellationToken)).ToArray());
        }
        finally
        {
            flood.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task A_client_that_never_reads_disturbs_nobody_and_is_dropped()
    {
        using var raw = await RawConnection.AttachedAsync(hsm.EndPoint);
        var frame = RawConnection.Frame<EchoRequest, EchoReply>(1, new(new byte[ProtocolLimits.Data]));
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        var before = hsm.Process.Log.Length;
        var refused = await Record.ExceptionAsync(async () =>
        {
            // The HSM stops reading once its replies are not taken, so that these writes come to a stand.
            while (true)
            {
                await raw.Stream.WriteAsync(frame, enough.Token);
            }
        });
        Assert.IsType<IOException>(refused, exactMatch: false);

        // The line may still be on its way through the pipe.
        Assert.True(await Eventually(() => hsm.Process.Log[before..].Contains("does not read", StringComparison.Ordinal)));
    }

    internal static async Task<bool> Eventually(Func<bool> condition)
    {
        for (var i = 0; i < 3000 && !condition(); i++)
        {
            await Task.Delay(20);
        }

        return condition();
    }
}
