using System.Buffers;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Sessions;

public sealed class SessionTests
{
    [Fact]
    public async Task States_follow_logins_and_one_login_holds_for_all_sessions_of_the_instance()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance instance = hsm.Nobody();
        Assert.Equal((SessionState.ReadWritePublic, SessionState.ReadOnlyPublic), States());
        Assert.Equal(Causes.PinWrong, (await Login("alice:wrong-password")).Cause);
        Assert.Equal(Outcome.Ok, await Login($"alice:{TestHsm.UserPassword}"));
        Assert.Equal((SessionState.ReadWriteUser, SessionState.ReadOnlyUser), States());
        Assert.Equal(Causes.AlreadyLoggedIn, (await Login($"ALICE:{TestHsm.UserPassword}")).Cause);
        Assert.Equal(Causes.OtherLoggedIn, (await Login($"bob:{TestHsm.UserPassword}")).Cause);
        Assert.Equal(Outcome.Ok, hsm.Module.Logout(instance.Caller));
        Assert.Equal(Causes.NotLoggedIn, hsm.Module.Logout(instance.Caller).Cause);
        Assert.Equal((SessionState.ReadWritePublic, SessionState.ReadOnlyPublic), States());
        Assert.Equal(Rv.SessionHandleInvalid, hsm.Module.GetSessionState(instance.Caller, new SessionId(1)).Rv);
        Assert.Equal(Rv.UserTypeInvalid, (await hsm.Module.LoginAsync(instance.Caller, (LoginType)9, TestHsm.Bytes("a:b"), TestHsm.Cancel)).Rv);
        foreach (string pin in (string[])["", "alice", ":password", $"{new string('a', 32)}:password", "a b:password"])
        {
            Assert.Equal(Causes.PinForm, (await Login(pin)).Cause);
        }

        async Task<Outcome> Login(string pin) => (await hsm.Module.LoginAsync(instance.Caller, LoginType.User, TestHsm.Bytes(pin), TestHsm.Cancel)).WithoutValue();

        (SessionState, SessionState) States() => (hsm.Module.GetSessionState(instance.Caller, instance.ReadWrite).Value, hsm.Module.GetSessionState(instance.Caller, instance.ReadOnly).Value);
    }

    [Fact]
    public async Task An_admin_and_read_only_sessions_exclude_each_other()
    {
        await using TestHsm hsm = await TestHsm.StartAsync();
        TestInstance instance = hsm.Nobody();
        Assert.Equal(Outcome.Ok, hsm.Module.OpenSession(instance.Caller, instance.ReadOnly));
        Assert.Equal(Causes.ReadOnlySessionsOpen, (await Login()).Cause);
        Assert.Equal(Outcome.Ok, hsm.Module.CloseSession(instance.Caller, instance.ReadOnly));
        Assert.Equal(Outcome.Ok, await Login());
        Assert.Equal(Causes.AdminLoggedIn, hsm.Module.OpenSession(instance.Caller, instance.NextSession(readWrite: false)).Cause);
        Assert.Equal(SessionState.ReadWriteSo, hsm.Module.GetSessionState(instance.Caller, instance.ReadWrite).Value);

        async Task<Outcome> Login() =>
            (await hsm.Module.LoginAsync(instance.Caller, LoginType.SecurityOfficer, TestHsm.Bytes($"admin:{TestHsm.AdminPassword}"), TestHsm.Cancel)).WithoutValue();
    }

    [Fact]
    public async Task Session_objects_are_seen_in_all_sessions_of_their_instance_and_go_with_their_session()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        TestInstance elsewhere = await hsm.UserAsync("alice");
        ObjectHandle key = await hsm.AesAsync(alice, AttributeType.Label.Is("session"));
        Assert.True(key.IsSession);
        Assert.Equal([key], hsm.Find(alice, AttributeType.Label.Is("session")));
        Assert.Empty(hsm.Find(elsewhere, AttributeType.Label.Is("session")));
        Assert.Equal(Rv.ObjectHandleInvalid, hsm.Read(elsewhere, key, AttributeType.Label).Rv);
        Assert.True(hsm.Module.GetAttributes(alice.Caller, alice.ReadOnly, key, [AttributeType.Label]).IsOk);
        hsm.Module.CloseSession(alice.Caller, alice.ReadWrite);
        Assert.Equal(Rv.ObjectHandleInvalid, hsm.Read(alice, key, AttributeType.Label).Rv);
        Assert.Empty(hsm.Find(alice));
    }

    [Fact]
    public async Task A_logout_takes_private_session_objects_and_open_operations_and_leaves_the_sessions()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        ObjectHandle key = await hsm.AesAsync(alice);
        KeyPairHandles pair = await hsm.EcPairAsync(alice, publicMore: [AttributeType.Private.Is(false)]);
        Assert.True(hsm.Module.Begin(alice.Caller, alice.ReadWrite, Use.Sign, TestCalls.EcdsaSha256, pair.Private).IsOk);
        Assert.Equal(Outcome.Ok, hsm.Module.Logout(alice.Caller));
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(Rv.OperationNotInitialized, hsm.Module.Update(alice.Caller, alice.ReadWrite, Use.Sign, [1], default, output).Rv);
        Assert.Equal([pair.Public], hsm.Find(alice));
        Assert.Equal(Outcome.Ok, (await hsm.Module.LoginAsync(alice.Caller, LoginType.User, TestHsm.Bytes($"alice:{TestHsm.UserPassword}"), TestHsm.Cancel)).WithoutValue());
        Assert.Equal(Rv.KeyHandleInvalid, hsm.Perform(alice, Use.Sign, TestCalls.HmacSha256, key, [1]).Rv);
    }

    [Fact]
    public async Task A_read_only_session_makes_session_objects_and_changes_no_token_object()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        ObjectHandle token = await hsm.AesAsync(alice, AttributeType.Token.Is(true));
        Assert.Equal(Rv.SessionReadOnly, (await Generate(AttributeType.Token.Is(true))).Rv);
        Assert.True((await Generate()).IsOk);
        Assert.Equal(Rv.SessionReadOnly, (await hsm.Module.SetAttributesAsync(alice.Caller, alice.ReadOnly, token, [AttributeType.Label.Is("x")], TestHsm.Cancel)).Rv);
        Assert.Equal(Rv.SessionReadOnly, (await hsm.Module.DestroyObjectAsync(alice.Caller, alice.ReadOnly, alice.NextCreation(), token, TestHsm.Cancel)).Rv);
        Assert.Equal(Rv.SessionReadOnly, (await hsm.Module.CopyObjectAsync(alice.Caller, alice.ReadOnly, alice.NextCreation(), token, [], TestHsm.Cancel)).Rv);
        Assert.True((await hsm.Module.CopyObjectAsync(alice.Caller, alice.ReadOnly, alice.NextCreation(), token, [AttributeType.Token.Is(false)], TestHsm.Cancel)).IsOk);

        ValueTask<Outcome<ObjectHandle>> Generate(params RawAttribute[] more) =>
            hsm.Module.GenerateKeyAsync(alice.Caller, alice.ReadOnly, alice.NextCreation(), TestCalls.AesKeyGen, Templates.Aes(more), TestHsm.Cancel);
    }

    [Fact]
    public async Task An_instance_keeps_its_state_over_a_lost_connection_for_a_minute()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        Caller first = alice.Caller;
        hsm.Module.Detach(alice.Caller);
        hsm.BootClock.Uptime += TimeSpan.FromSeconds(50);
        Assert.True(alice.Attach(hsm.Module).LoggedIn);
        Assert.Same(first, alice.Caller);
        hsm.Module.Detach(alice.Caller);
        hsm.BootClock.Uptime += TimeSpan.FromSeconds(61);
        Assert.False(alice.Attach(hsm.Module).LoggedIn);
        Assert.NotSame(first, alice.Caller);
    }

    [Fact]
    public async Task An_instance_has_no_more_sessions_than_it_may()
    {
        await using TestHsm hsm = await TestHsm.StartAsync();
        TestInstance instance = hsm.Nobody();
        for (int session = 0; session < SessionLimits.SessionsPerInstance; session++)
        {
            Assert.True(hsm.Module.OpenSession(instance.Caller, instance.NextSession(readWrite: true)).IsOk);
        }

        SessionId one = instance.NextSession(readWrite: true);
        Assert.Equal(Causes.TooManySessions, hsm.Module.OpenSession(instance.Caller, one).Cause);
        Assert.Equal(Outcome.Ok, hsm.Module.CloseAllSessions(instance.Caller));
        Assert.True(hsm.Module.OpenSession(instance.Caller, one).IsOk);
        Assert.Equal(1UL, hsm.Module.ReadCounters().Single(counter => counter.Name == "strongroom_sessions").Value);
    }
}
