using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Users;

public sealed class AccountsTests
{
    [Fact]
    public async Task A_cluster_is_activated_once_and_only_by_its_code()
    {
        await using TestHsm hsm = await TestHsm.BearAsync();
        TestInstance nobody = hsm.Nobody();
        Assert.False(hsm.Module.GetClusterInfo().Active);
        Assert.Equal(Rv.UserPinNotInitialized, (await hsm.TryLoginAsync("admin:admin-password", LoginType.SecurityOfficer)).Rv);
        string wrong = (hsm.Code[0] == 'a' ? 'b' : 'a') + hsm.Code[1..];
        Assert.Equal(Causes.CodeWrong, (await Activate(wrong)).Cause);
        Assert.Equal(Causes.PasswordLength, (await hsm.Module.ActivateAsync(nobody.Caller, TestHsm.Bytes(hsm.Code), TestHsm.Bytes("short12"), TestHsm.Cancel)).Cause);
        Assert.False(hsm.Module.GetClusterInfo().Active);

        Assert.Equal(Outcome.Ok, await Activate(hsm.Code));
        Assert.True(hsm.Module.GetClusterInfo().Active);
        Assert.Equal(Causes.AlreadyActive, (await Activate(hsm.Code)).Cause);
        Assert.Equal([new UserSummary("admin", Role.Admin, false)], hsm.Module.ListUsers("").Users);
        await hsm.RestartAsync();
        Assert.Equal(Outcome.Ok, await hsm.TryLoginAsync($"admin:{TestHsm.AdminPassword}", LoginType.SecurityOfficer));

        async Task<Outcome> Activate(string code) =>
            await hsm.Module.ActivateAsync(nobody.Caller, TestHsm.Bytes(code), TestHsm.Bytes(TestHsm.AdminPassword), TestHsm.Cancel);
    }

    [Fact]
    public async Task Names_are_one_whatever_their_case_and_rules_hold_for_names_and_passwords()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance admin = await hsm.AdminAsync();
        Assert.Equal(Causes.UserExists, await CreateAsync("ALICE"));
        Assert.Null(await CreateAsync("Bob_2"));
        Assert.Equal(Outcome.Ok, await hsm.TryLoginAsync("bOB_2:password"));
        Assert.Equal(["admin", "alice", "bob_2"], hsm.Module.ListUsers("").Users.Select(user => user.Name));
        foreach (string bad in (string[])["", "a:b", "a b", "é", new string('a', 32), "a/b"])
        {
            Assert.Equal(Causes.UserNameInvalid, await CreateAsync(bad));
        }

        Assert.Null(await CreateAsync(new string('a', 31)));
        Assert.Equal(Causes.PasswordLength, await CreateAsync("carol", "1234567"));
        Assert.Equal(Causes.PasswordLength, await CreateAsync("carol", new string('x', 33)));
        Assert.Equal(Causes.PasswordColon, await CreateAsync("carol", "pass:word"));
        Assert.Equal(Causes.RoleNotCreated, await CreateAsync("carol", role: Role.ApplianceUser));
        Assert.Equal(Causes.RoleNotCreated, await CreateAsync("carol", role: Role.UnactivatedAdmin));
        Assert.Null(await CreateAsync("carol", new string('x', 32)));
        Assert.Null(await CreateAsync("alice", role: Role.Admin));

        async Task<Cause?> CreateAsync(string name, string password = "password", Role role = Role.CryptoUser) =>
            (await hsm.Module.CreateUserAsync(admin.Caller, name, role, TestHsm.Bytes(password), TestHsm.Cancel)).Cause;
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_a_user_over_restarts_until_an_admin_changes_the_password()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance before = await hsm.UserAsync("alice");
        for (int guess = 0; guess < 4; guess++)
        {
            Assert.Equal(Causes.PinWrong, (await hsm.TryLoginAsync($"alice:guess-{guess}---")).Cause);
        }

        // A right one starts the count again.
        Assert.Equal(Outcome.Ok, await hsm.TryLoginAsync($"alice:{TestHsm.UserPassword}"));
        for (int guess = 0; guess < 5; guess++)
        {
            Assert.Equal(Causes.PinWrong, (await hsm.TryLoginAsync($"alice:guess-{guess}---")).Cause);
        }

        Assert.Equal(Causes.UserLocked, (await hsm.TryLoginAsync($"alice:{TestHsm.UserPassword}")).Cause);
        await hsm.RestartAsync();
        Assert.Equal(Causes.UserLocked, (await hsm.TryLoginAsync($"alice:{TestHsm.UserPassword}")).Cause);
        Assert.Contains(new UserSummary("alice", Role.CryptoUser, true), hsm.Module.ListUsers("").Users);

        TestInstance admin = await hsm.AdminAsync();
        Assert.Equal(Outcome.Ok, await hsm.Module.ChangePasswordAsync(admin.Caller, "alice", Role.CryptoUser, TestHsm.Bytes("a-new-password"), TestHsm.Cancel));
        Assert.Equal(Outcome.Ok, await hsm.TryLoginAsync("alice:a-new-password"));
        Assert.NotNull(before);
    }

    [Fact]
    public async Task Of_many_guesses_at_once_no_more_than_five_are_told_wrong_and_none_after_them_right()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        Task<Outcome>[] guesses = [.. Enumerable.Range(0, 12).Select(guess => Task.Run(() => hsm.TryLoginAsync($"alice:guess-{guess}---")))];
        Outcome[] answers = await Task.WhenAll(guesses);
        Assert.Equal(5, answers.Count(answer => answer.Cause == Causes.PinWrong));
        Assert.Equal(7, answers.Count(answer => answer.Cause == Causes.UserLocked));
        Assert.Equal(Causes.UserLocked, (await hsm.TryLoginAsync($"alice:{TestHsm.UserPassword}")).Cause);
    }

    [Fact]
    public async Task The_last_unlocked_admin_is_delayed_and_never_locked()
    {
        await using TestHsm hsm = await TestHsm.StartAsync();
        TestInstance admin = await hsm.AdminAsync();
        Assert.Equal(Outcome.Ok, await hsm.Module.CreateUserAsync(admin.Caller, "second", Role.Admin, TestHsm.Bytes("second-password"), TestHsm.Cancel));
        await Guess("second", 5);
        Assert.Equal(Causes.UserLocked, (await hsm.TryLoginAsync("second:second-password", LoginType.SecurityOfficer)).Cause);

        await Guess("admin", 5);
        Assert.Equal(Causes.UserDelayed, (await Right()).Cause);
        hsm.BootClock.Uptime += TimeSpan.FromSeconds(29);
        Assert.Equal(Causes.UserDelayed, (await Right()).Cause);
        hsm.BootClock.Uptime += TimeSpan.FromSeconds(2);
        await Guess("admin", 1);
        hsm.BootClock.Uptime += TimeSpan.FromSeconds(31);
        Assert.Equal(Causes.UserDelayed, (await Right()).Cause);

        // Whoever sets the wall clock shortens and lengthens nothing, also over a restart of the HSM.
        hsm.Clock.Now += TimeSpan.FromDays(400);
        Assert.Equal(Causes.UserDelayed, (await Right()).Cause);
        await hsm.RestartAsync();
        Assert.Equal(Causes.UserDelayed, (await Right()).Cause);
        hsm.Clock.Now -= TimeSpan.FromDays(800);
        hsm.BootClock.Uptime += TimeSpan.FromSeconds(31);
        Assert.Equal(Outcome.Ok, await Right());

        Task<Outcome> Right() => hsm.TryLoginAsync($"admin:{TestHsm.AdminPassword}", LoginType.SecurityOfficer);

        async Task Guess(string name, int times)
        {
            for (int guess = 0; guess < times; guess++)
            {
                Assert.Equal(Causes.PinWrong, (await hsm.TryLoginAsync($"{name}:wrong-password", LoginType.SecurityOfficer)).Cause);
            }
        }
    }

    [Fact]
    public async Task Changing_a_password_and_deleting_a_user_end_its_logins_at_once()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice", "bob");
        TestInstance admin = await hsm.AdminAsync();
        TestInstance alice = await hsm.UserAsync("alice");
        TestInstance bob = await hsm.UserAsync("bob");
        ObjectHandle key = await hsm.AesAsync(alice);
        Assert.Equal(Outcome.Ok, await hsm.Module.ChangePasswordAsync(admin.Caller, "alice", Role.CryptoUser, TestHsm.Bytes("a-new-password"), TestHsm.Cancel));
        Assert.Equal(Rv.UserNotLoggedIn, hsm.Perform(alice, Use.Sign, TestCalls.HmacSha256, key, [1]).Rv);
        Assert.Equal(Rv.UserNotLoggedIn, hsm.Module.RenewTicket(alice.Caller).Rv);
        Assert.Equal(Outcome.Ok, await hsm.Module.DeleteUserAsync(admin.Caller, "bob", Role.CryptoUser, TestHsm.Cancel));
        Assert.Equal(Rv.UserNotLoggedIn, (await hsm.GenerateAesAsync(bob)).Rv);
        Assert.Equal(Causes.PinWrong, (await hsm.TryLoginAsync($"bob:{TestHsm.UserPassword}")).Cause);
    }

    [Fact]
    public async Task A_user_who_owns_keys_and_the_last_admin_are_not_deleted()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance admin = await hsm.AdminAsync();
        TestInstance alice = await hsm.UserAsync("alice");
        ObjectHandle key = await hsm.AesAsync(alice, AttributeType.Token.Is(true));
        Assert.Equal(Causes.UserOwnsKeys, (await DeleteAsync("alice", Role.CryptoUser)).Cause);
        Assert.Equal(Outcome.Ok, await hsm.DestroyAsync(alice, key));
        Assert.Equal(Outcome.Ok, await DeleteAsync("alice", Role.CryptoUser));
        Assert.Equal(Causes.UserUnknown, (await DeleteAsync("alice", Role.CryptoUser)).Cause);
        Assert.Equal(Causes.LastAdmin, (await DeleteAsync("admin", Role.Admin)).Cause);
        Assert.Equal(Outcome.Ok, await hsm.Module.CreateUserAsync(admin.Caller, "second", Role.Admin, TestHsm.Bytes("second-password"), TestHsm.Cancel));
        Assert.Equal(Outcome.Ok, await DeleteAsync("admin", Role.Admin));
        Assert.Equal(Causes.RoleMayNot.Rv, (await DeleteAsync("second", Role.Admin)).Rv);

        async Task<Outcome> DeleteAsync(string name, Role role) => await hsm.Module.DeleteUserAsync(admin.Caller, name, role, TestHsm.Cancel);
    }

    [Fact]
    public async Task Deleting_a_user_beside_its_creations_leaves_no_key_without_owner()
    {
        await using TestHsm hsm = await TestHsm.StartAsync();
        TestInstance admin = await hsm.AdminAsync();
        for (int round = 0; round < 8; round++)
        {
            string name = $"user{round}";
            Assert.Equal(Outcome.Ok, await hsm.Module.CreateUserAsync(admin.Caller, name, Role.CryptoUser, TestHsm.Bytes(TestHsm.UserPassword), TestHsm.Cancel));
            TestInstance user = await hsm.UserAsync(name);
            Task<Outcome<ObjectHandle>> creation = Task.Run(async () => await hsm.GenerateAesAsync(user, AttributeType.Token.Is(true)));
            Task<Outcome> deletion = Task.Run(async () => await hsm.Module.DeleteUserAsync(admin.Caller, name, Role.CryptoUser, TestHsm.Cancel));
            await Task.WhenAll(creation, deletion);

            // Exactly one of them was first: either there is a key and its owner, or neither.
            Assert.NotEqual((await creation).IsOk, (await deletion).IsOk);
        }
    }

    [Fact]
    public async Task Set_pin_needs_the_old_password_and_keeps_this_login_alone()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance here = await hsm.UserAsync("alice");
        TestInstance there = await hsm.UserAsync("alice");
        Assert.Equal(Causes.PinWrong, (await SetAsync("wrong-password", "a-new-password")).Cause);
        Assert.Equal(Causes.PinForm, (await SetAsync($"bob:{TestHsm.UserPassword}", "a-new-password")).Cause);
        Assert.Equal(Causes.SessionReadOnly, (await hsm.Module.SetPinAsync(here.Caller, here.ReadOnly, TestHsm.Bytes(TestHsm.UserPassword), TestHsm.Bytes("a-new-password"), TestHsm.Cancel)).Cause);
        Assert.Equal(Outcome.Ok, await SetAsync($"alice:{TestHsm.UserPassword}", "alice:a-new-password"));
        Assert.True(hsm.Module.RenewTicket(here.Caller).IsOk);
        Assert.Equal(Rv.UserNotLoggedIn, hsm.Module.RenewTicket(there.Caller).Rv);
        Assert.Equal(Outcome.Ok, await hsm.TryLoginAsync("alice:a-new-password"));

        async Task<Outcome> SetAsync(string old, string next) => await hsm.Module.SetPinAsync(here.Caller, here.ReadWrite, TestHsm.Bytes(old), TestHsm.Bytes(next), TestHsm.Cancel);
    }
}
