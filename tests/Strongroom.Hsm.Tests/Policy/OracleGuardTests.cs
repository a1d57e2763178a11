using System.Security.Cryptography;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Policy;

/// <summary>C_Decrypt with PKCS#1 v1.5: one answer for every failure, few failures a user, and none at all where an admin says so.</summary>
public sealed class OracleGuardTests
{
    private static readonly MechanismCall Pkcs1 = new(0x1);
    private static readonly MechanismCall Raw = new(0x3);

    [Fact]
    public async Task Every_failure_has_the_same_code_and_the_same_words()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        KeyPairHandles pair = await RsaPairAsync(hsm, alice);
        byte[] good = hsm.Perform(alice, Use.Encrypt, Pkcs1, pair.Public, [1, 2, 3]).Value;
        Assert.Equal([1, 2, 3], hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, good).Value);
        byte[][] bad = [Padded(hsm, alice, pair, 1, 2), Padded(hsm, alice, pair, 0, 1), Padded(hsm, alice, pair, 0, 2), good[..^1], [.. good, 0], [], [.. Enumerable.Repeat((byte)0xFF, 256)]];
        Assert.All(bad, wrong => Assert.Equal(MechanismCauses.DecryptionFailed, hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, wrong).Cause));
    }

    [Fact]
    public async Task Who_fails_too_often_waits_and_nobody_else_does()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice", "bob");
        TestInstance alice = await hsm.UserAsync("alice");
        TestInstance bob = await hsm.UserAsync("bob");
        KeyPairHandles pair = await RsaPairAsync(hsm, alice);
        KeyPairHandles others = await RsaPairAsync(hsm, bob);
        byte[] good = hsm.Perform(alice, Use.Encrypt, Pkcs1, pair.Public, [1]).Value;
        var bad = new byte[256];
        for (int failure = 0; failure < OracleGuard.Burst; failure++)
        {
            Assert.Equal(Rv.Ok, hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, good).Rv);   // costs nothing
            Assert.Equal(Rv.EncryptedDataInvalid, hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, bad).Rv);
        }

        Assert.Equal(Causes.TooManyFailures, hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, bad).Cause);
        Assert.Equal(Causes.TooManyFailures, hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, good).Cause);
        Assert.Equal(Causes.TooManyFailures, hsm.Module.Prepare(alice.Caller, alice.ReadWrite, Use.Decrypt, Pkcs1, pair.Private).Cause);
        Assert.Equal(Causes.TooManyFailures, hsm.Perform(await hsm.UserAsync("alice"), Use.Decrypt, Pkcs1, pair.Private, good).Cause);   // another instance of the same user
        Assert.Equal(Rv.EncryptedDataInvalid, hsm.Perform(bob, Use.Decrypt, Pkcs1, others.Private, bad).Rv);
        Assert.Equal(Rv.Ok, hsm.Perform(alice, Use.Decrypt, Raw, pair.Private, good).Rv);

        hsm.Clock.Now += OracleGuard.Refill;
        Assert.Equal(Rv.EncryptedDataInvalid, hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, bad).Rv);
        Assert.Equal(Causes.TooManyFailures, hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, good).Cause);
        hsm.Clock.Now += OracleGuard.Burst * OracleGuard.Refill;
        Assert.Equal(Rv.Ok, hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, good).Rv);
    }

    [Fact]
    public void What_tells_nothing_is_not_counted()
    {
        var guard = new OracleGuard(TimeProvider.System, () => ClusterSettings.AtBirth);
        Mechanism pkcs1 = MechanismCatalog.Find(Pkcs1.Number, Use.Decrypt)!, cbcPad = MechanismCatalog.Find(TestCalls.AesCbcPad.Number, Use.Decrypt)!;
        for (int failure = 0; failure <= OracleGuard.Burst; failure++)
        {
            guard.Note(cbcPad, Use.Decrypt, "alice", Rv.EncryptedDataInvalid);
            guard.Note(pkcs1, Use.Encrypt, "alice", Rv.EncryptedDataInvalid);
            guard.Note(pkcs1, Use.Decrypt, "alice", Rv.DataLenRange);
        }

        Assert.Equal(Outcome.Ok, guard.Admit(pkcs1, Use.Decrypt, "alice"));
        for (int failure = 0; failure < OracleGuard.Burst; failure++)
        {
            guard.Note(pkcs1, Use.Decrypt, "alice", Rv.EncryptedDataInvalid);
        }

        Assert.Equal(Causes.TooManyFailures, guard.Admit(pkcs1, Use.Decrypt, "alice").Cause);
        Assert.Equal(Outcome.Ok, guard.Admit(pkcs1, Use.Decrypt, "bob"));
        Assert.Equal(Outcome.Ok, guard.Admit(cbcPad, Use.Decrypt, "alice"));
    }

    [Fact]
    public async Task An_admin_switches_it_off_and_on_and_it_stays_so()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance admin = await hsm.AdminAsync();
        TestInstance alice = await hsm.UserAsync("alice");
        KeyPairHandles pair = await RsaPairAsync(hsm, alice, token: true);
        byte[] good = hsm.Perform(alice, Use.Encrypt, Pkcs1, pair.Public, [1]).Value;
        var off = new ClusterSettings(Pkcs1Decryption: false);
        Assert.Equal(ClusterSettings.AtBirth, hsm.Module.GetSettings(alice.Caller).Value);
        Assert.Equal(Rv.UserNotLoggedIn, hsm.Module.GetSettings(hsm.Nobody().Caller).Rv);
        Assert.Equal(Rv.UserNotLoggedIn, (await hsm.Module.SetSettingsAsync(alice.Caller, off, TestHsm.Cancel)).Rv);
        Assert.Equal(Rv.Ok, hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, good).Rv);

        Assert.Equal(Outcome.Ok, await hsm.Module.SetSettingsAsync(admin.Caller, off, TestHsm.Cancel));
        await hsm.RestartAsync();
        alice = await hsm.UserAsync("alice");
        Assert.Equal(off, hsm.Module.GetSettings(alice.Caller).Value);
        Assert.Equal(Causes.Pkcs1Off, hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, good).Cause);
        Assert.Equal(Causes.Pkcs1Off, hsm.Module.Prepare(alice.Caller, alice.ReadWrite, Use.Decrypt, Pkcs1, pair.Private).Cause);
        Assert.Equal(Rv.Ok, hsm.Perform(alice, Use.Encrypt, Pkcs1, pair.Public, [1]).Rv);
        Assert.Equal(0UL, FlagsOf(hsm) & (ulong)MechanismFlags.Decrypt);

        Assert.Equal(Outcome.Ok, await hsm.Module.SetSettingsAsync((await hsm.AdminAsync()).Caller, ClusterSettings.AtBirth, TestHsm.Cancel));
        Assert.Equal(Rv.Ok, hsm.Perform(alice, Use.Decrypt, Pkcs1, pair.Private, good).Rv);
        Assert.Equal((ulong)MechanismFlags.Decrypt, FlagsOf(hsm) & (ulong)MechanismFlags.Decrypt);
    }

    private static ulong FlagsOf(TestHsm hsm) => hsm.Module.GetMechanisms().Single(mechanism => mechanism.Number == Pkcs1.Number).Flags;

    private static async Task<KeyPairHandles> RsaPairAsync(TestHsm hsm, TestInstance who, bool token = false) => (await hsm.Module.GenerateKeyPairAsync(
        who.Caller, who.ReadWrite, who.NextCreation(), TestCalls.RsaKeyPairGen,
        [AttributeType.ModulusBits.Is(2048UL), AttributeType.Encrypt.Is(true), AttributeType.Token.Is(token)],
        [AttributeType.Decrypt.Is(true), AttributeType.Token.Is(token)], TestHsm.Cancel)).Value;

    // A ciphertext whose encoded message begins with these two bytes and has no zero after them.
    private static byte[] Padded(TestHsm hsm, TestInstance who, KeyPairHandles pair, byte first, byte second)
    {
        byte[] block = [.. RandomNumberGenerator.GetBytes(256).Select(octet => (byte)(octet | 1))];
        (block[0], block[1]) = (first, second);
        MechanismCall encrypt = Raw;
        return hsm.Perform(who, Use.Encrypt, encrypt, pair.Public, block).Value;
    }
}
