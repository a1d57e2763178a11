using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Quorum;

/// <summary>M of N: every gated operation with every kind of bad approval.</summary>
public sealed class QuorumTests
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_but_enough_fresh_approvals_of_this_very_login_lets_an_operation_through_and_once(bool isAdmins)
    {
        await using QuorumWorld world = await QuorumWorld.StartAsync();
        await world.TurnOnAsync();
        foreach ((string name, (QuorumService service, bool isOfAdmins, Func<QuorumWorld, ValueTask<Outcome>> operation)) in GatedOperations.All)
        {
            if (isOfAdmins == isAdmins)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(name);
                await WalkAsync(world, service, isAdmins, operation);
            }
        }
    }

    private static async Task WalkAsync(QuorumWorld world, QuorumService service, bool isAdmins, Func<QuorumWorld, ValueTask<Outcome>> operation)
    {
        (TestInstance who, TestInstance other) = isAdmins ? (world.Admin, world.OtherAdmin) : (world.Alice, world.Bob);
        (string first, string second, string foreigner) = isAdmins ? ("admin", "admin2", "alice") : ("alice", "bob", "erin");
        ObjectHandle key = isAdmins ? ObjectHandle.None : world.Key;

        // None; what an earlier walk left has expired.
        world.Hsm.BootClock.Uptime += TenMinutes;
        await RefusedAsync();

        // Too few, doubled, wrong, by somebody who may not, and forged.
        ReadOnlyMemory<byte> token = world.Token(who, service, key);
        ApprovalSignature one = world.Signature(first, token), two = world.Signature(second, token);
        Assert.Equal(Causes.TooFewApprovals, world.Show(who, token));
        Assert.Equal(Causes.TooFewApprovals, world.Show(who, token, one));
        Assert.Equal(Causes.TooFewApprovals, world.Show(who, token, two, two));
        Assert.Equal(Causes.ApprovalWrong, world.Show(who, token, [.. Enumerable.Repeat(one, 17)]));
        Assert.Equal(Causes.ApprovalWrong, world.Show(who, token, one, two with { Signature = one.Signature }));
        Assert.Equal(Causes.ApprovalWrong, world.Show(who, token, one, two with { Signature = world.Signer(second).Sign(new byte[32]) }));
        Assert.Equal(Causes.ApprovalWrong, world.Show(who, token, one, two with { Signature = ReadOnlyMemory<byte>.Empty }));
        Assert.Equal(Causes.ApproverWrong, world.Show(who, token, one, world.Signature(foreigner, token)));
        Assert.Equal(Causes.ApproverWrong, world.Show(who, token, one, two with { User = "nobody" }));
        Assert.Equal(Causes.ApproverWrong, world.Show(who, token, one, two with { Role = Role.UnactivatedAdmin }));
        await RefusedAsync();

        // Another login's, and one that was never generated.
        Assert.Equal(Causes.QuorumTokenUnknown, world.Show(other, token, one, two));
        byte[] invented = token.ToArray();
        invented[^1] ^= 1;
        Assert.Equal(Causes.QuorumTokenUnknown, world.Show(who, invented, world.Signature(first, invented), world.Signature(second, invented)));
        await RefusedAsync();

        // Stale: it waited too long for its approvals, by the clock that nobody can set; and for its operation.
        world.Hsm.Clock.Now += TimeSpan.FromDays(1);
        world.Hsm.BootClock.Uptime += TenMinutes - TimeSpan.FromSeconds(1);
        Assert.Equal(Causes.TooFewApprovals, world.Show(who, token, one));
        world.Hsm.BootClock.Uptime += TimeSpan.FromSeconds(1);
        Assert.Equal(Causes.QuorumTokenUnknown, world.Show(who, token, one, two));
        await world.ApproveAsync(who, service, key, first, second);
        world.Hsm.BootClock.Uptime += TenMinutes;
        await RefusedAsync();

        // For another service.
        QuorumService[] others = isAdmins ? [QuorumService.User, QuorumService.Quorum, QuorumService.Cluster] : [QuorumService.KeyUsage, QuorumService.KeyManagement];
        foreach (QuorumService another in others.Where(one => one != service))
        {
            await world.ApproveAsync(who, another, key, first, second);
        }

        await RefusedAsync();

        // A signer who has another key by now does not count.
        await world.ApproveAsync(who, service, key, first, second);
        await world.RegisterAsync(second, other, TestSigner.P256);
        await RefusedAsync();
        world.Hsm.BootClock.Uptime += TenMinutes;

        // Right, once. Replayed: neither the operation nor the token again.
        token = world.Token(who, service, key);
        Assert.Null(world.Show(who, token, world.Signature(first, token), world.Signature(second, token)));
        Assert.Equal(Outcome.Ok, await operation(world));
        await RefusedAsync();
        Assert.Equal(Causes.QuorumTokenUnknown, world.Show(who, token, world.Signature(first, token), world.Signature(second, token)));
        await RefusedAsync();

        async Task RefusedAsync() => Assert.Equal(Causes.QuorumNeeded, (await operation(world)).Cause);
    }

    [Fact]
    public async Task An_operation_that_was_refused_leaves_its_approval_for_four_more_tries()
    {
        await using QuorumWorld world = await QuorumWorld.StartAsync();
        await world.TurnOnAsync();
        await world.ApproveAsync(world.Admin, QuorumService.User, ObjectHandle.None, "admin", "admin2");
        Assert.Equal(Causes.UserExists, await CreateAsync("alice"));
        Assert.Null(await CreateAsync("frank"));
        Assert.Equal(Causes.QuorumNeeded, await CreateAsync("grace"));

        // Of an unwrapping: a template, what is wrapped, and what is right.
        await world.ApproveAsync(world.Alice, QuorumService.KeyManagement, world.Key, "alice", "bob");
        Assert.Equal(Rv.TemplateInconsistent, (await world.Module.UnwrapKeyAsync(
            world.Alice.Caller, world.Alice.ReadWrite, world.Alice.NextCreation(), TestCalls.AesKeyWrap, world.Key, world.Wrapped,
            [AttributeType.Class.Is(ObjectClass.SecretKey), AttributeType.KeyType.Is(KeyType.Aes), AttributeType.Modulus.Is(Templates.Empty)], TestHsm.Cancel)).Rv);
        Assert.Equal(Rv.WrappedKeyInvalid, (await world.UnwrapAsync(new byte[40])).Rv);

        // And of one whose key can't be kept: a token's, in a session for reading.
        Assert.Equal(Rv.SessionReadOnly, (await world.Module.UnwrapKeyAsync(
            world.Alice.Caller, world.Alice.ReadOnly, world.Alice.NextCreation(), TestCalls.AesKeyWrap, world.Key, world.Wrapped,
            [AttributeType.Class.Is(ObjectClass.SecretKey), AttributeType.KeyType.Is(KeyType.Aes), AttributeType.Token.Is(true)], TestHsm.Cancel)).Rv);
        Assert.True((await world.UnwrapAsync(world.Wrapped)).IsOk);
        Assert.Equal(Causes.QuorumNeeded, (await world.UnwrapAsync(world.Wrapped)).Cause);

        // Of a use: a parameter, and data that can't be.
        await world.ApproveAsync(world.Alice, QuorumService.KeyUsage, world.Key, "alice", "bob");
        Assert.Equal(Rv.MechanismParamInvalid, world.Hsm.Perform(world.Alice, Use.Encrypt, TestCalls.AesCbcPad with { Iv = new byte[3] }, world.Key, QuorumWorld.Data).Rv);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(Rv.DataLenRange, world.Hsm.Perform(world.Alice, Use.Encrypt, QuorumWorld.AesEcb, world.Key, [1]).Rv);
        }

        Assert.Equal(Causes.QuorumNeeded, world.Hsm.Perform(world.Alice, Use.Encrypt, QuorumWorld.AesEcb, world.Key, QuorumWorld.Data).Cause);

        // Of a wrapping that takes two approvals, of the key above and of the key within: neither is lost by the other's refusal.
        ObjectHandle fixedKey = await world.Hsm.AesAsync(world.Alice, AttributeType.Extractable.Is(false));
        await world.ApproveAsync(world.Alice, QuorumService.KeyManagement, world.Key, "alice", "bob");
        Assert.Equal(Causes.Unextractable, Wrap(world.Key, fixedKey));
        Assert.Equal(Causes.QuorumNeeded, Wrap(world.Key, world.Key));
        Assert.Null(Wrap(world.FreeKey, world.Key));
        Assert.Equal(Causes.QuorumNeeded, Wrap(world.FreeKey, world.Key));

        async Task<Cause?> CreateAsync(string name) => (await world.Module.CreateUserAsync(world.Admin.Caller, name, Role.CryptoUser, "password-1"u8.ToArray(), TestHsm.Cancel)).Cause;
        Cause? Wrap(ObjectHandle under, ObjectHandle key) => world.Module.WrapKey(world.Alice.Caller, world.Alice.ReadWrite, TestCalls.AesKeyWrap, under, key).Cause;
    }

    [Fact]
    public async Task Of_operations_that_race_for_one_approval_one_is_done()
    {
        await using QuorumWorld world = await QuorumWorld.StartAsync();
        for (int round = 0; round < 20; round++)
        {
            await world.ApproveAsync(world.Alice, QuorumService.KeyUsage, world.Key, "alice", "bob");
            Outcome[] done = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
                () => world.Hsm.Perform(world.Alice, Use.Encrypt, QuorumWorld.AesEcb, world.Key, i == 0 ? [1] : QuorumWorld.Data).WithoutValue())));

            // The refused one may have held the approval while all others asked.
            Outcome later = world.Hsm.Perform(world.Alice, Use.Encrypt, QuorumWorld.AesEcb, world.Key, QuorumWorld.Data).WithoutValue();
            Assert.Single(done.Append(later), outcome => outcome.IsOk);
        }
    }

    [Fact]
    public async Task A_token_ends_with_its_login()
    {
        await using QuorumWorld world = await QuorumWorld.StartAsync();
        await world.TurnOnAsync();
        await world.ApproveAsync(world.Admin, QuorumService.User, ObjectHandle.None, "admin", "admin2");
        Assert.Equal(Outcome.Ok, world.Module.Logout(world.Admin.Caller));
        Assert.True((await world.Module.LoginAsync(world.Admin.Caller, LoginType.SecurityOfficer, TestHsm.Bytes($"admin:{TestHsm.AdminPassword}"), TestHsm.Cancel)).IsOk);
        Assert.Empty(world.Module.ListQuorumTokens(world.Admin.Caller).Value);
        Assert.Equal(Causes.QuorumNeeded, (await world.Module.CreateUserAsync(world.Admin.Caller, "eve", Role.CryptoUser, "password-1"u8.ToArray(), TestHsm.Cancel)).Cause);
    }

    [Fact]
    public async Task Tokens_are_listed_bounded_one_for_each_service_and_deleted()
    {
        await using QuorumWorld world = await QuorumWorld.StartAsync();
        Assert.Equal(Causes.QuorumOff, world.Module.GenerateQuorumToken(world.Admin.Caller, QuorumService.User, ObjectHandle.None).Cause);
        Assert.Equal(Causes.QuorumOff, world.Module.GenerateQuorumToken(world.Alice.Caller, QuorumService.KeyUsage, world.FreeKey).Cause);
        await world.TurnOnAsync();
        ReadOnlyMemory<byte> token = world.Token(world.Admin, QuorumService.User, ObjectHandle.None);
        Assert.Equal(Causes.QuorumTokenThere, world.Module.GenerateQuorumToken(world.Admin.Caller, QuorumService.User, ObjectHandle.None).Cause);
        Assert.Equal(Causes.RoleMayNot, world.Module.GenerateQuorumToken(world.Alice.Caller, QuorumService.User, ObjectHandle.None).Cause);
        Assert.Equal(Causes.RoleMayNot, world.Module.GenerateQuorumToken(world.Admin.Caller, QuorumService.KeyUsage, world.Key).Cause);
        TestInstance carol = await world.Hsm.UserAsync("carol");
        Assert.Equal(Causes.ObjectUnknown, world.Module.GenerateQuorumToken(carol.Caller, QuorumService.KeyUsage, world.Key).Cause);
        world.Show(world.Admin, token, world.Signature("admin", token));
        world.Token(world.Bob, QuorumService.KeyUsage, world.Key);
        QuorumTokenInfo[] listed = [.. world.Module.ListQuorumTokens(world.Alice.Caller).Value.OrderBy(one => one.Service)];
        Assert.Equal(new QuorumTokenInfo("admin", Role.Admin, QuorumService.User, ObjectHandle.None, 2, 1, TenMinutes), listed[0]);
        Assert.Equal(("bob", world.Key, 2), (listed[1].User, listed[1].Key, listed[1].Required));
        Assert.Equal(Causes.NotLoggedIn, world.Module.ListQuorumTokens(world.Hsm.Nobody().Caller).Cause);

        Assert.Equal(Causes.RoleMayNot, world.Module.DeleteQuorumTokens(world.Alice.Caller, all: true).Cause);
        Assert.Equal(Outcome.Ok, world.Module.DeleteQuorumTokens(world.Admin.Caller, all: false));
        Assert.Equal("bob", Assert.Single(world.Module.ListQuorumTokens(world.Admin.Caller).Value).User);
        for (int i = 1; i < 1024; i++)
        {
            world.Token(world.Alice, QuorumService.KeyUsage, world.Key);
        }

        Assert.Equal(Causes.TooManyQuorumTokens, world.Module.GenerateQuorumToken(world.Alice.Caller, QuorumService.KeyUsage, world.Key).Cause);
        Assert.Equal(Outcome.Ok, world.Module.DeleteQuorumTokens(world.Admin.Caller, all: true));
        Assert.Empty(world.Module.ListQuorumTokens(world.Admin.Caller).Value);
        token = world.Token(world.Alice, QuorumService.KeyUsage, world.Key);
        Assert.Equal(Outcome.Ok, await world.Hsm.DestroyAsync(world.Alice, world.Key));
        Assert.Equal(Causes.KeyUnknown, world.Show(world.Alice, token, world.Signature("alice", token), world.Signature("bob", token)));
    }

    [Fact]
    public async Task A_quorum_that_could_not_be_met_is_never_set_nor_brought_about()
    {
        await using QuorumWorld world = await QuorumWorld.StartAsync();
        Assert.Equal(Causes.QuorumServiceValue, await SetAsync(QuorumService.User, 0));
        Assert.Equal(Causes.QuorumServiceValue, await SetAsync(QuorumService.User, 9));
        Assert.Equal(Causes.QuorumServiceWrong, await SetAsync(QuorumService.KeyUsage, 2));
        Assert.Equal(Causes.TooFewApprovers, await SetAsync(QuorumService.Quorum, 4));
        Assert.Equal(Causes.QuorumAboveItsGuard, await SetAsync(QuorumService.User, 2));
        Assert.Null(await SetAsync(QuorumService.Quorum, 3));
        Assert.Equal(Causes.ApproverNeeded, (await world.Module.DeleteUserAsync(world.Admin.Caller, "admin3", Role.Admin, TestHsm.Cancel)).Cause);
        Assert.Equal(Causes.ApproverNeeded, (await world.Module.ChangePasswordAsync(world.Admin.Caller, "admin3", Role.Admin, "password-1"u8.ToArray(), KeyServices.Approvals, TestHsm.Cancel)).Cause);
        Assert.Equal(Outcome.Ok, await world.Module.ChangePasswordAsync(world.Admin.Caller, "admin3", Role.Admin, "password-1"u8.ToArray(), TestHsm.Cancel));
        Assert.True(world.Module.ListUsers("").Users.Single(user => user.Name == "admin3").Approves);
        await world.Hsm.RestartAsync();
        Assert.Equal(3, world.Module.QuorumSettings.Quorum);

        // The same for keys: as many users as approvals, at the birth of the key and later.
        TestInstance alice = await world.Hsm.UserAsync("alice"), admin = await world.Hsm.AdminAsync();
        foreach (KeyTerms terms in (KeyTerms[])[new(["bob"], 3), new(["bob"], 0, 3), new([], 2), new(["bob"], 1), new(["bob"], 9)])
        {
            Assert.Equal(Causes.QuorumValue, (await world.Module.GenerateKeyAsync(
                alice.Caller, alice.ReadWrite, alice.NextCreation(), TestCalls.AesKeyGen, Templates.Aes(AttributeType.Token.Is(true)), terms, TestHsm.Cancel)).Cause);
        }

        Assert.Equal(Causes.QuorumNeeded, (await world.Module.UnshareKeyAsync(alice.Caller, world.Key, "dave", TestHsm.Cancel)).Cause);
        Assert.Equal(Outcome.Ok, await world.Module.DeleteUserAsync(admin.Caller, "dave", Role.CryptoUser, TestHsm.Cancel));
        Assert.Equal(Causes.QuorumNeedsUser, (await world.Module.UnshareKeyAsync(alice.Caller, world.Key, "bob", TestHsm.Cancel)).Cause);
        Assert.Equal(Causes.QuorumNeedsUser, (await world.Module.DeleteUserAsync(admin.Caller, "bob", Role.CryptoUser, TestHsm.Cancel)).Cause);
        Assert.Equal(Outcome.Ok, await world.Module.DeleteUserAsync(admin.Caller, "carol", Role.CryptoUser, TestHsm.Cancel));

        async Task<Cause?> SetAsync(QuorumService service, int value) => (await world.Module.SetQuorumValueAsync(world.Admin.Caller, service, value, TestHsm.Cancel)).Cause;
    }

    [Fact]
    public async Task A_key_that_takes_approvals_is_not_copied_read_or_judged_from_memory()
    {
        await using QuorumWorld world = await QuorumWorld.StartAsync();
        Assert.Equal(Causes.QuorumNeeded, world.Module.Prepare(world.Alice.Caller, world.Alice.ReadWrite, Use.Sign, QuorumWorld.Cmac, world.Key).Cause);
        await world.ApproveAsync(world.Alice, QuorumService.KeyUsage, world.Key, "alice", "bob");
        Assert.False(world.Module.Prepare(world.Alice.Caller, world.Alice.ReadWrite, Use.Sign, QuorumWorld.Cmac, world.Key).Value.Cacheable);
        Assert.True(world.Module.Prepare(world.Alice.Caller, world.Alice.ReadWrite, Use.Sign, QuorumWorld.Cmac, world.FreeKey).Value.Cacheable);
        Assert.Equal(Causes.QuorumKeyNotCopied, (await world.Module.CopyObjectAsync(world.Alice.Caller, world.Alice.ReadWrite, world.Alice.NextCreation(), world.Key, [], TestHsm.Cancel)).Cause);
        Assert.True((await world.Module.CopyObjectAsync(world.Alice.Caller, world.Alice.ReadWrite, world.Alice.NextCreation(), world.FreeKey, [], TestHsm.Cancel)).IsOk);
        Assert.Equal(Rv.AttributeSensitive, world.Hsm.Read(world.Alice, world.Key, AttributeType.Value).Rv);
        Assert.True(world.Hsm.Read(world.Alice, world.FreeKey, AttributeType.Value).IsOk);
        Assert.Equal((2, 2), (world.Module.GetKeyInfo(world.Bob.Caller, world.Key).Value.ManageQuorum, world.Module.GetKeyInfo(world.Bob.Caller, world.Key).Value.UseQuorum));
    }

    [Fact]
    public async Task A_key_is_registered_by_its_holder_alone_with_a_fresh_signature()
    {
        await using QuorumWorld world = await QuorumWorld.StartAsync();
        var signer = new TestSigner(TestSigner.Rsa);
        Assert.Equal(Causes.NotLoggedIn, world.Module.BeginQuorumRegistration(world.Hsm.Nobody().Caller).Cause);
        ReadOnlyMemory<byte> challenge = Begin();
        Assert.Equal(Causes.ChallengeWrong, await RegisterAsync(world.Bob, signer.PublicKey, challenge, signer.Approve(challenge)));
        Assert.Equal(Causes.ChallengeWrong, await RegisterAsync(world.Alice, new TestSigner(TestSigner.P256).PublicKey, challenge, signer.Approve(challenge)));
        Assert.Equal(Causes.ChallengeWrong, await RegisterAsync(world.Alice, signer.PublicKey, challenge, signer.Approve(challenge)));
        challenge = Begin();
        world.Hsm.BootClock.Uptime += TenMinutes;
        Assert.Equal(Causes.ChallengeWrong, await RegisterAsync(world.Alice, signer.PublicKey, challenge, signer.Approve(challenge)));
        challenge = Begin();
        Assert.Equal(Causes.TokenKeyWrong, await RegisterAsync(world.Alice, signer.PublicKey[..^1], challenge, signer.Approve(challenge)));
        Assert.Equal(Causes.TokenKeyWrong, await RegisterAsync(world.Alice, System.Security.Cryptography.RSA.Create(1024).ExportSubjectPublicKeyInfo(), challenge, signer.Approve(challenge)));
        Assert.Null(await RegisterAsync(world.Alice, signer.PublicKey, challenge, signer.Approve(challenge)));

        ReadOnlyMemory<byte> Begin() => world.Module.BeginQuorumRegistration(world.Alice.Caller).Value;
        async Task<Cause?> RegisterAsync(TestInstance who, byte[] key, ReadOnlyMemory<byte> given, byte[] signature) =>
            (await world.Module.RegisterQuorumKeyAsync(who.Caller, key, given, signature, TestHsm.Cancel)).Cause;
    }

    [Fact]
    public async Task How_long_tokens_are_good_is_an_admins_to_set()
    {
        await using QuorumWorld world = await QuorumWorld.StartAsync();
        Assert.Equal(Causes.RoleMayNot, (await SetAsync(world.Alice, TenMinutes, null)).Cause);
        Assert.Equal(Causes.QuorumTimeout, (await SetAsync(world.Admin, TimeSpan.Zero, null)).Cause);
        Assert.Equal(Causes.QuorumTimeout, (await SetAsync(world.Admin, null, TimeSpan.FromDays(2))).Cause);
        Assert.Equal(Causes.QuorumTimeout, (await SetAsync(world.Admin, null, null)).Cause);
        Assert.Equal(Outcome.Ok, await SetAsync(world.Admin, TimeSpan.FromSeconds(900), null));
        Assert.Equal((900.0, 600.0), (world.Module.QuorumSettings.GeneratedFor.TotalSeconds, world.Module.QuorumSettings.ApprovedFor.TotalSeconds));
        ReadOnlyMemory<byte> token = world.Token(world.Alice, QuorumService.KeyUsage, world.Key);
        world.Hsm.BootClock.Uptime += TenMinutes;
        Assert.Null(world.Show(world.Alice, token, world.Signature("alice", token), world.Signature("bob", token)));

        ValueTask<Outcome> SetAsync(TestInstance who, TimeSpan? generated, TimeSpan? approved) => world.Module.SetQuorumTimeoutsAsync(who.Caller, generated, approved, TestHsm.Cancel);
    }
}
