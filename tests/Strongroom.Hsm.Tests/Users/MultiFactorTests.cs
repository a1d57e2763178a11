using Strongroom.Hsm.Tests.Cluster;
using Strongroom.Hsm.Tests.Quorum;

namespace Strongroom.Hsm.Tests.Users;

/// <summary>Logins by password and signature.</summary>
public sealed class MultiFactorTests
{
    private static readonly byte[] Password = TestHsm.Bytes(TestHsm.UserPassword);
    private static readonly byte[] Pin = TestHsm.Bytes($"alice:{TestHsm.UserPassword}");

    [Theory]
    [InlineData(TestSigner.Rsa)]
    [InlineData(TestSigner.P256)]
    [InlineData(TestSigner.Ed)]
    public async Task A_user_with_a_second_factor_logs_in_with_both_and_with_nothing_less(string kind)
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice", "bob");
        var signer = new TestSigner(kind);
        TestInstance alice = await hsm.UserAsync("alice"), elsewhere = await hsm.UserAsync("alice");
        Assert.Null(await TurnOnAsync(hsm, alice, signer));
        Assert.True(hsm.Module.ListUsers("").Users.Single(user => user.Name == "alice").MultiFactor);
        Assert.Equal(Causes.NotLoggedIn, hsm.Module.Logout(elsewhere.Caller).Cause);
        Assert.Equal(Outcome.Ok, hsm.Module.Logout(alice.Caller));

        await hsm.RestartAsync();
        Assert.Equal(Causes.MfaNeeded, (await hsm.TryLoginAsync($"alice:{TestHsm.UserPassword}")).Cause);
        Assert.Equal(Causes.MfaNeeded, (await hsm.TryLoginAsync("alice:wrong-password")).Cause);
        TestInstance nobody = hsm.Nobody();
        Assert.Equal(Causes.MfaNeeded, (await hsm.Module.SetPinAsync(nobody.Caller, nobody.ReadWrite, Pin, Pin, TestHsm.Cancel)).Cause);
        byte[] challenge = Begin(hsm, nobody);
        Assert.Null(await LoginAsync(hsm, nobody, Pin, challenge, signer.Sign(challenge)));
        Assert.Equal(Outcome.Ok, hsm.Module.Logout(nobody.Caller));

        // The challenge again; another's; a wrong signature; a wrong password; too late. Which it was is not told.
        Assert.Equal(Causes.PinWrong, await LoginAsync(hsm, nobody, Pin, challenge, signer.Sign(challenge)));
        challenge = Begin(hsm, hsm.Nobody());
        Assert.Equal(Causes.PinWrong, await LoginAsync(hsm, nobody, Pin, challenge, signer.Sign(challenge)));
        challenge = Begin(hsm, nobody);
        Assert.Equal(Causes.PinWrong, await LoginAsync(hsm, nobody, Pin, challenge, new TestSigner(kind).Sign(challenge)));
        challenge = Begin(hsm, nobody);
        hsm.BootClock.Uptime += TimeSpan.FromMinutes(10);
        Assert.Equal(Causes.PinWrong, await LoginAsync(hsm, nobody, Pin, challenge, signer.Sign(challenge)));
        challenge = Begin(hsm, nobody);
        Assert.Equal(Causes.PinWrong, await LoginAsync(hsm, nobody, "alice:wrong-password"u8.ToArray(), challenge, signer.Sign(challenge)));
        challenge = Begin(hsm, nobody);
        Assert.Equal(Causes.UserLocked, await LoginAsync(hsm, nobody, Pin, challenge, signer.Sign(challenge)));
        challenge = hsm.Module.BeginMfaLogin(nobody.Caller, LoginType.User, "bob").Value.ToArray();
        Assert.Equal(Causes.MfaOff, await LoginAsync(hsm, nobody, TestHsm.Bytes($"bob:{TestHsm.UserPassword}"), challenge, signer.Sign(challenge)));
    }

    [Fact]
    public async Task A_second_factor_is_the_users_and_the_admins_to_change_with_proof_of_the_key()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice", "bob");
        (TestInstance alice, TestInstance bob, TestInstance admin) = (await hsm.UserAsync("alice"), await hsm.UserAsync("bob"), await hsm.AdminAsync());
        var signer = new TestSigner(TestSigner.P256);
        Assert.Equal(Causes.RoleMayNot, hsm.Module.BeginMfaRegistration(bob.Caller, "alice", Role.CryptoUser).Cause);
        Assert.Equal(Causes.RoleMayNot, (await hsm.Module.ChangeMfaAsync(bob.Caller, "alice", Role.CryptoUser, Off, TestHsm.Cancel)).Cause);
        Assert.Equal(Causes.NotLoggedIn, (await hsm.Module.ChangeMfaAsync(hsm.Nobody().Caller, "alice", Role.CryptoUser, Off, TestHsm.Cancel)).Cause);
        byte[] challenge = hsm.Module.BeginMfaRegistration(alice.Caller, "alice", Role.CryptoUser).Value.ToArray();
        Assert.Equal(Causes.ChallengeWrong, await ChangeAsync(alice, new(signer.PublicKey, challenge, new TestSigner(TestSigner.P256).Sign(challenge), false, null)));
        Assert.Equal(Causes.ChallengeWrong, await ChangeAsync(alice, new(signer.PublicKey, challenge, signer.Sign(challenge), false, null)));
        Assert.Null(await TurnOnAsync(hsm, alice, signer));
        Assert.Equal(Outcome.Ok, await hsm.Module.ChangeMfaAsync(admin.Caller, "alice", Role.CryptoUser, Off with { Password = TestHsm.Bytes("other-password") }, TestHsm.Cancel));
        Assert.Equal(Causes.NotLoggedIn, hsm.Module.Logout(alice.Caller).Cause);
        Assert.Equal(Outcome.Ok, await hsm.TryLoginAsync("alice:other-password"));

        async Task<Cause?> ChangeAsync(TestInstance who, MfaChange change) => (await hsm.Module.ChangeMfaAsync(who.Caller, "alice", Role.CryptoUser, change, TestHsm.Cancel)).Cause;
    }

    [Fact]
    public async Task One_key_serves_logins_and_approvals()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice"), admin = await hsm.AdminAsync();
        TestSigner first = new(TestSigner.P256), second = new(TestSigner.Ed);
        Assert.Null(await RegisterAsync(first));
        Assert.Equal(Causes.TokenKeyDiffers, await TurnOnAsync(hsm, alice, second));
        Assert.Null(await TurnOnAsync(hsm, alice, first));
        Assert.Equal(Causes.TokenKeyDiffers, await RegisterAsync(second));
        Assert.Null(await TurnOnAsync(hsm, alice, second, changeQuorum: true));
        Assert.Null(await RegisterAsync(second));
        Assert.Equal(Outcome.Ok, await hsm.Module.ChangePasswordAsync(admin.Caller, "alice", Role.CryptoUser, Password, KeyServices.MultiFactor, TestHsm.Cancel));
        Assert.Equal((false, true), State());
        Assert.Equal(Outcome.Ok, await hsm.TryLoginAsync($"alice:{TestHsm.UserPassword}"));
        Assert.Equal(Outcome.Ok, await hsm.Module.ChangePasswordAsync(admin.Caller, "alice", Role.CryptoUser, Password, KeyServices.Approvals, TestHsm.Cancel));
        Assert.Equal((false, false), State());

        (bool MultiFactor, bool Approves) State() => hsm.Module.ListUsers("").Users.Where(user => user.Name == "alice").Select(user => (user.MultiFactor, user.Approves)).Single();
        async Task<Cause?> RegisterAsync(TestSigner signer)
        {
            ReadOnlyMemory<byte> challenge = hsm.Module.BeginQuorumRegistration(alice.Caller).Value;
            return (await hsm.Module.RegisterQuorumKeyAsync(alice.Caller, signer.PublicKey, challenge, signer.Approve(challenge), TestHsm.Cancel)).Cause;
        }
    }

    private static MfaChange Off => new(null, default, default, false, null);

    private static byte[] Begin(TestHsm hsm, TestInstance who) => hsm.Module.BeginMfaLogin(who.Caller, LoginType.User, "ALICE").Value.ToArray();

    private static async Task<Cause?> LoginAsync(TestHsm hsm, TestInstance who, byte[] pin, byte[] challenge, byte[] signature) =>
        (await hsm.Module.LoginWithMfaAsync(who.Caller, LoginType.User, pin, challenge, signature, TestHsm.Cancel)).Cause;

    private static async Task<Cause?> TurnOnAsync(TestHsm hsm, TestInstance alice, TestSigner signer, bool changeQuorum = false)
    {
        byte[] challenge = hsm.Module.BeginMfaRegistration(alice.Caller, "alice", Role.CryptoUser).Value.ToArray();
        return (await hsm.Module.ChangeMfaAsync(alice.Caller, "alice", Role.CryptoUser, new(signer.PublicKey, challenge, signer.Sign(challenge), changeQuorum, null), TestHsm.Cancel)).Cause;
    }
}
