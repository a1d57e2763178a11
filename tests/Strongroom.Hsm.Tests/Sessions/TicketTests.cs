using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Sessions;

public sealed class TicketTests
{
    [Fact]
    public async Task A_ticket_brings_the_login_to_a_restarted_hsm_and_to_its_own_instance_only()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        ObjectHandle key = await hsm.AesAsync(alice, AttributeType.Token.Is(true));
        byte[] ticket = hsm.Module.RenewTicket(alice.Caller).Value.Sealed.ToArray();
        Assert.True(ticket.Length <= 512);
        await hsm.RestartAsync();

        Attachment back = alice.Attach(hsm.Module, ticket);
        Assert.True(back.LoggedIn);
        Assert.Null(back.TicketCause);
        Assert.True(hsm.Read(alice, key, AttributeType.Label).IsOk);

        Attachment thief = new TestInstance().Attach(hsm.Module, ticket);
        Assert.False(thief.LoggedIn);
        Assert.Equal(Causes.TicketBroken, thief.TicketCause);
        for (int at = 0; at < ticket.Length; at += 7)
        {
            byte[] changed = [.. ticket];
            changed[at] ^= 1;
            Attachment refused = alice.Attach(hsm.Module, changed);
            Assert.Equal(Causes.TicketBroken, refused.TicketCause);
        }

        Assert.Equal(Causes.TicketBroken, alice.Attach(hsm.Module, new byte[600]).TicketCause);
    }

    [Fact]
    public async Task A_connection_that_does_not_prove_its_instance_is_refused()
    {
        await using TestHsm hsm = await TestHsm.StartAsync();
        var instance = new TestInstance();
        Assert.Equal(Causes.BadInstanceProof, instance.Prove(hsm.Module, new byte[32], [.. Enumerable.Repeat((byte)1, 32)], []).Cause);
        Assert.True(instance.Prove(hsm.Module, new byte[32], new byte[32], []).IsOk);
    }

    [Fact]
    public async Task On_one_boot_only_the_boot_clock_ends_a_ticket_and_on_another_the_wall_clock()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        byte[] ticket = hsm.Module.RenewTicket(alice.Caller).Value.Sealed.ToArray();

        // The wall clock is set back and forth: nothing changes.
        hsm.Clock.Now += TimeSpan.FromDays(400);
        Assert.True(await ShowAfterRestart());
        hsm.Clock.Now -= TimeSpan.FromDays(800);
        Assert.True(await ShowAfterRestart());
        hsm.BootClock.Uptime += TimeSpan.FromMinutes(9.9);
        Assert.True(await ShowAfterRestart());
        hsm.BootClock.Uptime += TimeSpan.FromMinutes(0.2);
        Assert.False(await ShowAfterRestart());

        TestInstance again = await hsm.UserAsync("alice");
        ticket = hsm.Module.RenewTicket(again.Caller).Value.Sealed.ToArray();
        alice = again;
        hsm.BootClock.Boot = Guid.NewGuid();
        hsm.BootClock.Uptime = TimeSpan.FromSeconds(20);
        hsm.Clock.Now += TimeSpan.FromMinutes(9);
        Assert.True(await ShowAfterRestart());
        hsm.Clock.Now += TimeSpan.FromMinutes(2);
        Assert.False(await ShowAfterRestart());

        async Task<bool> ShowAfterRestart()
        {
            await hsm.RestartAsync();
            Attachment shown = alice.Attach(hsm.Module, ticket);
            Assert.Equal(shown.LoggedIn ? null : Causes.TicketExpired, shown.TicketCause);
            return shown.LoggedIn;
        }
    }

    [Fact]
    public async Task A_login_is_renewed_for_24_hours_after_its_password_over_any_number_of_tickets()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        byte[] ticket = hsm.Module.RenewTicket(alice.Caller).Value.Sealed.ToArray();
        for (int hop = 0; hop < 179; hop++)
        {
            hsm.BootClock.Uptime += TimeSpan.FromMinutes(8);
            if (hop % 60 == 0)
            {
                await hsm.RestartAsync();
                Assert.True(alice.Attach(hsm.Module, ticket).LoggedIn);
            }

            ticket = hsm.Module.RenewTicket(alice.Caller).Value.Sealed.ToArray();
        }

        hsm.BootClock.Uptime += TimeSpan.FromMinutes(9);
        Assert.Equal(Causes.LoginTooOld, hsm.Module.RenewTicket(alice.Caller).Cause);
    }

    [Fact]
    public async Task A_ticket_ends_with_the_users_credentials()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance admin = await hsm.AdminAsync();
        TestInstance alice = await hsm.UserAsync("alice");
        byte[] ticket = hsm.Module.RenewTicket(alice.Caller).Value.Sealed.ToArray();
        Assert.Equal(Outcome.Ok, await hsm.Module.ChangePasswordAsync(admin.Caller, "alice", Role.CryptoUser, TestHsm.Bytes(TestHsm.UserPassword), TestHsm.Cancel));
        Attachment shown = alice.Attach(hsm.Module, ticket);
        Assert.False(shown.LoggedIn);
        Assert.Equal(Causes.LoginEnded, shown.TicketCause);
    }
}
