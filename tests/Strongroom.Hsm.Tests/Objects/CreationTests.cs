using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Objects;

public sealed class CreationTests
{
    [Fact]
    public async Task A_retry_returns_the_same_handles_wherever_and_whenever_within_ten_minutes()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        foreach (bool token in (bool[])[true, false])
        {
            CreationNumber one = alice.NextCreation();
            CreationNumber two = alice.NextCreation();
            ObjectHandle key = (await Generate(one, token)).Value;
            KeyPairHandles pair = (await GeneratePair(two, token)).Value;
            Assert.Equal(key, (await Generate(one, token)).Value);
            Assert.Equal(pair, (await GeneratePair(two, token)).Value);
            Assert.NotEqual(pair.Public, pair.Private);
            Assert.NotEqual(key, (await Generate(alice.NextCreation(), token)).Value);
            if (token)
            {
                byte[] ticket = hsm.Module.RenewTicket(alice.Caller).Value.Sealed.ToArray();
                await hsm.RestartAsync();
                alice.Attach(hsm.Module, ticket);
                Assert.Equal(key, (await Generate(one, token)).Value);
                Assert.Equal(pair, (await GeneratePair(two, token)).Value);
                Assert.Equal(4, hsm.Find(alice).Count);

                // The number is the instance's own: another instance's is another request.
                TestInstance other = await hsm.UserAsync("alice");
                Assert.NotEqual(key, (await hsm.Module.GenerateKeyAsync(other.Caller, other.ReadWrite, one, TestCalls.AesKeyGen, Templates.Aes(AttributeType.Token.Is(true)), TestHsm.Cancel)).Value);
            }
        }

        ValueTask<Outcome<ObjectHandle>> Generate(CreationNumber number, bool token) =>
            hsm.Module.GenerateKeyAsync(alice.Caller, alice.ReadWrite, number, TestCalls.AesKeyGen, Templates.Aes(AttributeType.Token.Is(token)), TestHsm.Cancel);

        ValueTask<Outcome<KeyPairHandles>> GeneratePair(CreationNumber number, bool token) => hsm.Module.GenerateKeyPairAsync(
            alice.Caller, alice.ReadWrite, number, TestCalls.EcKeyPairGen, [AttributeType.EcParams.Is(Templates.P256), AttributeType.Token.Is(token)], [AttributeType.Token.Is(token)], TestHsm.Cancel);
    }

    [Fact]
    public async Task A_clock_that_is_set_between_two_tries_makes_no_second_key()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        byte[] ticket = hsm.Module.RenewTicket(alice.Caller).Value.Sealed.ToArray();
        CreationNumber number = alice.NextCreation();
        ObjectHandle key = await Generate(number);

        // An hour forward, and other creations, by which old ones are forgotten.
        hsm.Clock.Now += TimeSpan.FromHours(1);
        await Generate(alice.NextCreation());
        Assert.Equal(key, await Generate(number));
        Assert.Equal(2, hsm.Find(alice).Count);

        // Over a restart only the wall clock tells how old a creation is; then the key itself names its request.
        await hsm.RestartAsync();
        alice.Attach(hsm.Module, ticket);
        Assert.Equal(key, await Generate(number));
        hsm.Clock.Now -= TimeSpan.FromDays(2);
        Assert.Equal(key, await Generate(number));
        Assert.Equal(2, hsm.Find(alice).Count);

        async Task<ObjectHandle> Generate(CreationNumber which)
        {
            Outcome<ObjectHandle> made = await hsm.Module.GenerateKeyAsync(alice.Caller, alice.ReadWrite, which, TestCalls.AesKeyGen, Templates.Aes(AttributeType.Token.Is(true)), TestHsm.Cancel);
            Assert.True(made.IsOk, made.WithoutValue().ToString());
            return made.Value;
        }
    }

    [Fact]
    public async Task Tries_of_one_creation_at_the_same_time_make_one_object()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        for (int round = 0; round < 5; round++)
        {
            CreationNumber number = alice.NextCreation();
            Task<Outcome<ObjectHandle>>[] tries = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
                await hsm.Module.GenerateKeyAsync(alice.Caller, alice.ReadWrite, number, TestCalls.AesKeyGen, Templates.Aes(AttributeType.Token.Is(true)), TestHsm.Cancel)))];
            Outcome<ObjectHandle>[] made = await Task.WhenAll(tries);
            Assert.Single(made.Select(one => one.Value).Distinct());
            Assert.Equal(round + 1, hsm.Find(alice).Count);
        }
    }

    [Fact]
    public async Task A_retried_destruction_is_answered_as_the_first_and_a_new_one_is_not()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        foreach (bool token in (bool[])[true, false])
        {
            ObjectHandle key = await hsm.AesAsync(alice, AttributeType.Token.Is(token));
            CreationNumber number = alice.NextCreation();
            Assert.Equal(Outcome.Ok, await Destroy(number));
            Assert.Equal(Outcome.Ok, await Destroy(number));
            Assert.Equal(Rv.ObjectHandleInvalid, (await Destroy(alice.NextCreation())).Rv);
            if (token)
            {
                byte[] ticket = hsm.Module.RenewTicket(alice.Caller).Value.Sealed.ToArray();
                await hsm.RestartAsync();
                alice.Attach(hsm.Module, ticket);
                Assert.Equal(Outcome.Ok, await Destroy(number));
                hsm.Clock.Now += TimeSpan.FromMinutes(11);
                await hsm.RestartAsync();
                alice.Attach(hsm.Module, ticket);
                Assert.Equal(Rv.ObjectHandleInvalid, (await Destroy(number)).Rv);
            }

            ValueTask<Outcome> Destroy(CreationNumber one) => hsm.Module.DestroyObjectAsync(alice.Caller, alice.ReadWrite, one, key, TestHsm.Cancel);
        }
    }

    [Fact]
    public async Task A_full_disk_refuses_changes_and_nothing_else()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        KeyPairHandles pair = await hsm.EcPairAsync(alice, [AttributeType.Token.Is(true)], [AttributeType.Token.Is(true)]);
        hsm.DiskIsFull = true;
        CreationNumber number = alice.NextCreation();
        Assert.Equal(Causes.StoreFull, (await Generate()).Cause);
        Assert.Equal(Causes.StoreFull, (await hsm.DestroyAsync(alice, pair.Public)).Cause);
        Assert.Equal(Causes.StoreFull, (await hsm.SetAsync(alice, pair.Private, AttributeType.Label.Is("x"))).Cause);
        Assert.Equal(Causes.StoreFull, (await hsm.TryLoginAsync($"alice:{TestHsm.UserPassword}")).Cause);
        Assert.True(hsm.Sign(alice, pair.Private, [1]).IsOk);
        Assert.True((await hsm.GenerateAesAsync(alice)).IsOk);
        hsm.DiskIsFull = false;
        Assert.True((await Generate()).IsOk);
        Assert.False(hsm.Module.Fault.IsCompleted);

        ValueTask<Outcome<ObjectHandle>> Generate() =>
            hsm.Module.GenerateKeyAsync(alice.Caller, alice.ReadWrite, number, TestCalls.AesKeyGen, Templates.Aes(AttributeType.Token.Is(true)), TestHsm.Cancel);
    }

    [Fact]
    public async Task Keys_survive_a_restart_and_stand_nowhere_in_the_clear()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        byte[] value = [.. "a key that must not be seen !32B"u8];
        ObjectHandle imported = (await hsm.CreateAsync(alice, Templates.ImportedAes(value, AttributeType.Token.Is(true), AttributeType.Label.Is("nobody reads this label"), AttributeType.Encrypt.Is(true)))).Value;
        KeyPairHandles pair = await hsm.EcPairAsync(alice, [AttributeType.Token.Is(true)], [AttributeType.Token.Is(true)]);
        byte[] before = hsm.Perform(alice, Use.Encrypt, TestCalls.AesCbcPad, imported, [1, 2, 3]).Value;
        byte[] signature = hsm.Sign(alice, pair.Private, [5]).Value;
        byte[] ticket = hsm.Module.RenewTicket(alice.Caller).Value.Sealed.ToArray();
        await hsm.RestartAsync();
        alice.Attach(hsm.Module, ticket);
        Assert.Equal(before, hsm.Perform(alice, Use.Encrypt, TestCalls.AesCbcPad, imported, [1, 2, 3]).Value);
        Assert.True(hsm.Perform(alice, Use.Verify, TestCalls.EcdsaSha256, pair.Public, [5], signature).IsOk);
        Assert.Equal(Rv.SignatureInvalid, hsm.Perform(alice, Use.Verify, TestCalls.EcdsaSha256, pair.Public, [6], signature).Rv);

        byte[] stored = [.. Directory.GetFiles(Path.GetDirectoryName(hsm.Database)!).SelectMany(Read)];
        Assert.True(stored.AsSpan().IndexOf(Templates.P256) < 0);
        Assert.True(stored.AsSpan().IndexOf(value) < 0);
        Assert.True(stored.AsSpan().IndexOf("nobody reads this label"u8) < 0);

        static byte[] Read(string path)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
    }
}
