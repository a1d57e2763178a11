using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Attacks;

/// <summary>Floods of connections, and connections that hold on to what they have. Meanwhile another client goes on signing, and the HSM's memory stays bounded.</summary>
public sealed class FloodTests(TestHsm hsm) : IClassFixture<TestHsm>, IAsyncLifetime
{
    private const int Flood = 10_000;
    private const int Wave = 500;
    private const long MostGrowth = 256L << 20;
    private static readonly int MostHeld = OpenFiles() - 500;
    private HsmClient _client = null!;
    private HsmSession _session = null!;
    private ulong _key;

    public async ValueTask InitializeAsync()
    {
        _client = new HsmClient(hsm.Options);
        await using (var admin = new HsmClient(hsm.Options))
        {
            await admin.LoginAsync(UserType.So, "admin", "adminpassword"u8.ToArray(), Cancel);
            var name = $"signer{Guid.NewGuid():n}"[..20];
            await admin.CreateUserAsync(name, Role.CryptoUser, "userpassword"u8.ToArray(), Cancel);
            await _client.LoginAsync(UserType.User, name, "userpassword"u8.ToArray(), Cancel);
        }

        _session = await _client.OpenSessionAsync(readWrite: true, Cancel);
        _key = (await _session.GenerateKeyPairAsync(
            Mechanism(0x1040), [new(0x180, Convert.FromHexString("06082A8648CE3D030107"), null), new(0x10A, new byte[] { 1 }, null)], [new(0x108, new byte[] { 1 }, null)], Cancel)).PrivateHandle;
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _client.DisposeAsync();
    }

    [Fact]
    public async Task Ten_thousand_connections_that_never_shake_hands_disturb_nobody_who_is_there()
    {
        var before = Memory();
        var open = new List<Socket>();
        try
        {
            for (var wave = 0; wave < Flood / Wave; wave++)
            {
                // From many addresses of ours, so that no source runs out of ports. All are held until the end, as far as this process may hold so many.
                foreach (var socket in open.Take(Math.Max(0, open.Count + Wave - MostHeld)).ToList())
                {
                    socket.Dispose();
                    open.Remove(socket);
                }

                open.AddRange(await Task.WhenAll(Enumerable.Range(0, Wave).Select(i => ConnectAsync(new IPAddress([127, 2, (byte)wave, (byte)(i % 250 + 1)])))));
                await SignAsync();
                Bounded(before);
            }

            Assert.True(await hsm.MetricAsync("strongroom_connections_turned_away_total") > Flood / 2);
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }

        // And then there is room for newcomers again.
        await using var late = new HsmClient(hsm.Options with { ReachWithin = TimeSpan.FromSeconds(60) });
        Assert.Equal([7], (await late.EchoAsync(new byte[] { 7 }, Cancel)).ToArray());
    }

    [Fact]
    public async Task A_thousand_handshakes_given_up_half_way_leave_nothing_behind()
    {
        var before = Memory();
        for (var wave = 0; wave < 10; wave++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
            {
                using var socket = await ConnectAsync(new IPAddress([127, 3, 0, (byte)(i + 1)]));
                if (socket.Connected)
                {
                    // A ClientHello's record header and the beginning of what it announces.
                    await Record.ExceptionAsync(async () => await socket.SendAsync("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"u8.ToArray(), Cancel));
                }
            }));
            await SignAsync();
            Bounded(before);
        }

        await hsm.WaitForConnectionsAsync(1);
    }

    [Fact]
    public async Task Unfinished_frames_of_a_megabyte_take_bounded_memory_and_others_go_on()
    {
        var before = Memory();
        var frame = RawConnection.Frame<EchoRequest, EchoReply>(1, new(new byte[ProtocolLimits.Data]));
        await HoldAsync(400, raw => raw.Stream.WriteAsync(frame.AsMemory(0, frame.Length - 1), CancellationToken.None).AsTask(), before);
    }

    [Fact]
    public async Task Clients_that_ask_for_megabytes_and_never_read_take_bounded_memory_and_others_go_on()
    {
        var before = Memory();
        var frame = RawConnection.Frame<EchoRequest, EchoReply>(1, new(new byte[ProtocolLimits.Data]));
        await HoldAsync(
            200,
            async raw =>
            {
                for (var i = 0; i < 20; i++)
                {
                    await raw.Stream.WriteAsync(frame, CancellationToken.None);
                }
            },
            before);
    }

    [Fact]
    public async Task Clients_that_ask_for_random_megabytes_by_short_frames_and_never_read_take_bounded_memory_and_others_go_on()
    {
        var before = Memory();
        byte[] frames = [.. Enumerable.Range(1, 20).SelectMany(id => RawConnection.Frame<GenerateRandomRequest, GenerateRandomReply>((ulong)id, new(ProtocolLimits.Data)))];
        await HoldAsync(400, raw => raw.Stream.WriteAsync(frames, CancellationToken.None).AsTask(), before);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static WireMechanism Mechanism(ulong number) => new(number, 0, null, null, null, null, null, null, null);

    // Opens connections, starts on each what never ends by itself, and looks how the HSM and its other client are meanwhile.
    private async Task HoldAsync(int count, Func<RawConnection, Task> attack, long before)
    {
        var open = new List<RawConnection>();
        var attacks = new List<Task>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var raw = await RawConnection.AttachedAsync(hsm.EndPoint);
                open.Add(raw);
                attacks.Add(attack(raw));
                if (i % 20 == 0)
                {
                    await SignAsync();
                    Bounded(before);
                }
            }

            for (var i = 0; i < 20; i++)
            {
                await SignAsync();
                await Task.Delay(50, Cancel);
                Bounded(before);
            }
        }
        finally
        {
            open.ForEach(raw => raw.Dispose());
            await Record.ExceptionAsync(() => Task.WhenAll(attacks));
        }

        await hsm.WaitForConnectionsAsync(1);
    }

    private async Task SignAsync() => Assert.Equal(64, (await _session.SignAsync(Mechanism(0x1044), _key, "goes on"u8.ToArray(), Cancel)).Length);

    private void Bounded(long before)
    {
        var now = Memory();
        Assert.True(now - before < MostGrowth, $"the HSM grew from {before >> 20} to {now >> 20} MiB");
    }

    private static int OpenFiles() => File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3] is var limit
        && int.TryParse(limit, CultureInfo.InvariantCulture, out var files) ? files : int.MaxValue;

    // What is resident, in bytes.
    private long Memory() => 1024 * long.Parse(
        File.ReadLines($"/proc/{hsm.Process.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    // Being turned away at once is an answer too.
    private async Task<Socket> ConnectAsync(IPAddress from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await socket.ConnectAsync(hsm.EndPoint, deadline.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
        }

        return socket;
    }
}
