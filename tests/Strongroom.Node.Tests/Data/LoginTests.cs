using System.Diagnostics;
using System.Net;
using System.Text;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Logging in to the real process, by those who may and those who may not. Each test has an HSM of its own, since users are locked.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private const ulong PinIncorrect = 0xA0;
    private const ulong PinLocked = 0xA4;
    private static readonly byte[] Right = "right-password"u8.ToArray();
    private static readonly byte[] Wrong = "wrong-password"u8.ToArray();
    private readonly TestHsm _hsm = new();

    public async ValueTask InitializeAsync()
    {
        await _hsm.InitializeAsync();
        await using var admin = await AdminAsync();
        await admin.CreateUserAsync("victim", Role.CryptoUser, Right, Cancel);
        await admin.CreateUserAsync("other", Role.CryptoUser, Right, Cancel);
    }

    public ValueTask DisposeAsync() => _hsm.DisposeAsync();

    [Fact]
    public async Task Guesses_from_one_source_are_slowed_before_the_fifth_locks_and_the_lock_outlives_a_kill()
    {
        var watch = Stopwatch.StartNew();
        for (var guess = 0; guess < 5; guess++)
        {
            Assert.Equal(PinIncorrect, await TryAsync("victim", Wrong));
        }

        // 0, ½, 1, 2 and 4 seconds: a slow machine only makes it longer.
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(7), $"five guesses took {watch.Elapsed}");
        Assert.Equal(PinLocked, await TryAsync("victim", Right));
        await _hsm.RestartAsync();
        Assert.Equal(PinLocked, await TryAsync("victim", Right));
        await using (var admin = await AdminAsync())
        {
            await admin.ChangePasswordAsync("victim", Role.CryptoUser, Right, Cancel);
        }

        Assert.Equal(0UL, await TryAsync("victim", Right));
    }

    [Fact]
    public async Task Guesses_of_the_old_PIN_count_and_are_slowed_as_logins_are()
    {
        var watch = Stopwatch.StartNew();
        using var raw = await RawConnection.AttachedAsync(_hsm.EndPoint);
        for (var guess = 0UL; guess < 4; guess++)
        {
            await raw.SendAsync<SetPinRequest, SetPinReply>(3 + guess, new(3, Pin("victim", Wrong), Pin("victim", Right)));
            Assert.Equal(PinIncorrect, (await raw.ReceiveAsync()).Rv);
        }

        // 0, ½, 1 and 2 seconds; the fifth, a login, locks.
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(3), $"four guesses took {watch.Elapsed}");
        Assert.Equal(PinIncorrect, await TryAsync("victim", Wrong));
        Assert.Equal(PinLocked, await TryAsync("victim", Right));
    }

    [Fact]
    public async Task While_one_user_is_guessed_others_log_in_from_the_same_source_without_waiting()
    {
        for (var guess = 0; guess < 3; guess++)
        {
            Assert.Equal(PinIncorrect, await TryAsync("victim", Wrong));
        }

        var guessed = TryAsync("victim", Wrong);
        for (var login = 0; login < 3; login++)
        {
            Assert.Equal(0UL, await TryAsync("other", Right));
        }

        Assert.Equal(PinIncorrect, await guessed);
    }

    [Fact]
    public async Task Of_guesses_made_at_once_from_many_sources_five_are_told_wrong_and_none_right()
    {
        // The right password is among them, last: it comes too late or finds the lock.
        var guesses = Enumerable.Range(1, 24).Select(source => TryFromAsync(new IPAddress([127, 1, 2, (byte)source]), "victim", Wrong)).ToList();
        var answers = await Task.WhenAll(guesses);
        Assert.Equal(5, answers.Count(rv => rv == PinIncorrect));
        Assert.Equal(19, answers.Count(rv => rv == PinLocked));
        Assert.Equal(PinLocked, await TryFromAsync(new IPAddress([127, 1, 3, 1]), "victim", Right));
    }

    [Fact]
    public async Task The_last_admin_is_delayed_also_by_guesses_made_at_once_and_keeps_the_login_it_has()
    {
        await using var admin = await AdminAsync();
        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(source => TryFromAsync(new IPAddress([127, 1, 4, (byte)source]), "admin", Wrong, UserType.So)));
        Assert.Equal(5, answers.Count(rv => rv == PinIncorrect));
        using var raw = await RawConnection.AttachedAsync(_hsm.EndPoint);
        await raw.SendAsync<LoginRequest, LoginReply>(3, new((ulong)UserType.So, Pin("admin", "adminpassword"u8)));
        Assert.Equal(PinLocked, (await raw.ReceiveAsync()).Rv);
        Assert.Contains("must wait", raw.Reader.Cause(), StringComparison.Ordinal);
        Assert.Contains(await admin.ListUsersAsync(Cancel), user => user is { Name: "admin", Locked: false });
        await admin.ChangePasswordAsync("other", Role.CryptoUser, "another-password"u8.ToArray(), Cancel);
    }

    [Fact]
    public async Task A_ticket_is_its_own_instances_alone_and_ends_with_the_password()
    {
        using var owner = await RawConnection.AttachedAsync(_hsm.EndPoint);
        await owner.SendAsync<LoginRequest, LoginReply>(3, new((ulong)UserType.User, Pin("victim", Right)));
        Assert.Equal(0UL, (await owner.ReceiveAsync()).Rv);
        var ticket = owner.Reader.Fields<LoginReply>().Ticket.ToArray();

        // Stolen, by an instance with a key of its own.
        Assert.False(await ShowAsync(ticket, new InstanceKey()));

        // Replayed whole: the proof that the owner gave for another connection's challenge.
        using (var replaying = await RawConnection.OpenAsync(_hsm.EndPoint, owner.Key))
        using (var recorded = await RawConnection.OpenAsync(_hsm.EndPoint, owner.Key))
        {
            var proof = owner.Key.Sign(await recorded.HelloAsync());
            await replaying.HelloAsync();
            Assert.NotEqual(0UL, (await replaying.AttachAsync(proof, ticket)).Rv);
            Assert.True(await replaying.IsClosedAsync());
        }

        // The owner's, also after the HSM was killed.
        Assert.True(await ShowAsync(ticket, owner.Key));
        await _hsm.RestartAsync();
        Assert.False(await ShowAsync(ticket, new InstanceKey()));
        Assert.True(await ShowAsync(ticket, owner.Key));

        await using (var admin = await AdminAsync())
        {
            await admin.ChangePasswordAsync("victim", Role.CryptoUser, "another-password"u8.ToArray(), Cancel);
        }

        Assert.False(await ShowAsync(ticket, owner.Key));
    }

    [Fact]
    public async Task A_ticket_of_another_cluster_is_refused()
    {
        await using var other = new TestHsm();
        await other.InitializeAsync();
        using var owner = await RawConnection.AttachedAsync(other.EndPoint);
        await owner.SendAsync<LoginRequest, LoginReply>(3, new((ulong)UserType.So, "admin:adminpassword"u8.ToArray()));
        Assert.Equal(0UL, (await owner.ReceiveAsync()).Rv);
        Assert.False(await ShowAsync(owner.Reader.Fields<LoginReply>().Ticket.ToArray(), owner.Key));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static byte[] Pin(string user, ReadOnlySpan<byte> password) => [.. Encoding.ASCII.GetBytes(user), (byte)':', .. password];

    private async Task<bool> ShowAsync(byte[] ticket, InstanceKey key)
    {
        using var raw = await RawConnection.OpenAsync(_hsm.EndPoint, key);
        Assert.Equal(0UL, (await raw.AttachAsync(key.Sign(await raw.HelloAsync()), ticket)).Rv);
        var attached = raw.Reader.Fields<AttachReply>();
        Assert.Equal(attached.LoggedIn, attached.Cause is null);

        // Not by its own word alone: what needs a login is refused.
        await raw.SendAsync<RenewTicketRequest, RenewTicketReply>(3, new());
        Assert.Equal(attached.LoggedIn, (await raw.ReceiveAsync()).Rv == 0);
        return attached.LoggedIn;
    }

    private async Task<HsmClient> AdminAsync()
    {
        var client = new HsmClient(_hsm.Options);
        await client.LoginAsync(UserType.So, "admin", "adminpassword"u8.ToArray(), Cancel);
        return client;
    }

    private async Task<ulong> TryAsync(string user, byte[] password)
    {
        await using var client = new HsmClient(_hsm.Options);
        try
        {
            await client.LoginAsync(UserType.User, user, password, Cancel);
            return 0;
        }
        catch (HsmRefusedException refused)
        {
            return refused.Rv;
        }
    }

    private async Task<ulong> TryFromAsync(IPAddress source, string user, byte[] password, UserType type = UserType.User)
    {
        using var raw = await RawConnection.OpenAsync(_hsm.EndPoint, from: source);
        Assert.Equal(0UL, (await raw.AttachAsync(raw.Key.Sign(await raw.HelloAsync()))).Rv);
        await raw.SendAsync<LoginRequest, LoginReply>(3, new((ulong)type, Pin(user, password)));
        return (await raw.ReceiveAsync()).Rv;
    }
}
