using System.Buffers;
using System.Formats.Cbor;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Objects;

public sealed class SharingTests
{
    private static readonly byte[] Data = "some data"u8.ToArray();
    private static readonly RawAttribute[] Everything =
    [
        AttributeType.Token.Is(true), AttributeType.Sign.Is(true), AttributeType.Verify.Is(true), AttributeType.Encrypt.Is(true), AttributeType.Decrypt.Is(true), AttributeType.Wrap.Is(true),
        AttributeType.Unwrap.Is(true), AttributeType.Derive.Is(true), AttributeType.Label.Is("shared key"),
    ];

    [Fact]
    public async Task A_shared_user_finds_and_uses_a_key_and_does_nothing_else_with_it()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice", "bob", "carol");
        (TestInstance alice, TestInstance bob) = (await hsm.UserAsync("alice"), await hsm.UserAsync("bob"));
        ObjectHandle key = await hsm.AesAsync(alice, Everything);
        ObjectHandle other = await hsm.AesAsync(alice, Everything);
        Assert.Empty(hsm.Find(bob));
        Assert.Equal(Outcome.Ok, await hsm.Module.ShareKeyAsync(alice.Caller, key, "BOB", TestHsm.Cancel));
        Assert.Equal([key], hsm.Find(bob));
        Assert.Equal([key], hsm.Find(bob, AttributeType.Label.Is("shared key")));

        byte[] encrypted = hsm.Perform(bob, Use.Encrypt, TestCalls.AesCbcPad, key, Data).Value;
        Assert.Equal(Data, hsm.Perform(bob, Use.Decrypt, TestCalls.AesCbcPad, key, encrypted).Value);
        Assert.True(hsm.Module.WrapKey(bob.Caller, bob.ReadWrite, TestCalls.AesKeyWrap, key, await hsm.AesAsync(bob)).IsOk);

        Assert.Equal(Causes.OwnerOnlyUse, hsm.Module.WrapKey(bob.Caller, bob.ReadWrite, TestCalls.AesKeyWrap, await hsm.AesAsync(bob, Everything), key).Cause);
        Assert.Equal(Causes.NotOwner, (await hsm.DestroyAsync(bob, key)).Cause);
        Assert.Equal(Causes.NotOwner, (await hsm.SetAsync(bob, key, AttributeType.Label.Is("mine"))).Cause);
        Assert.Equal(Causes.NotOwner, (await hsm.Module.CopyObjectAsync(bob.Caller, bob.ReadWrite, bob.NextCreation(), key, [], TestHsm.Cancel)).Cause);
        Assert.Equal(Causes.NotOwner, (await hsm.Module.ShareKeyAsync(bob.Caller, key, "carol", TestHsm.Cancel)).Cause);
        Assert.Equal(Causes.NotOwner, (await hsm.Module.UnshareKeyAsync(bob.Caller, key, "bob", TestHsm.Cancel)).Cause);
        Assert.Equal(Causes.ObjectUnknown, (await hsm.Module.ShareKeyAsync(bob.Caller, other, "carol", TestHsm.Cancel)).Cause);
        Assert.Equal(Rv.AttributeSensitive, hsm.Read(bob, key, AttributeType.Value).Rv);
    }

    [Fact]
    public async Task Unsharing_holds_at_once_in_open_sessions_and_operations_under_way_and_after_a_restart()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice", "bob");
        (TestInstance alice, TestInstance bob) = (await hsm.UserAsync("alice"), await hsm.UserAsync("bob"));
        ObjectHandle key = await hsm.AesAsync(alice, Everything);
        await hsm.Module.ShareKeyAsync(alice.Caller, key, "bob", TestHsm.Cancel);
        Assert.True(hsm.Module.Begin(bob.Caller, bob.ReadWrite, Use.Encrypt, TestCalls.AesCbcPad, key).IsOk);
        Assert.Equal(Outcome.Ok, hsm.Module.Update(bob.Caller, bob.ReadWrite, Use.Encrypt, new byte[64], ObjectHandle.None, new ArrayBufferWriter<byte>()));
        Assert.True(hsm.Module.Begin(bob.Caller, bob.ReadWrite, Use.Decrypt, TestCalls.AesCbcPad, key).IsOk);
        ulong judged = hsm.Module.Prepare(bob.Caller, bob.ReadWrite, Use.Sign, new(0x108A, ParameterShape.None), key).Value.KeyVersion;

        Assert.Equal(Outcome.Ok, await hsm.Module.UnshareKeyAsync(alice.Caller, key, "bob", TestHsm.Cancel));
        Assert.Equal(Causes.KeyUnknown, hsm.Module.Update(bob.Caller, bob.ReadWrite, Use.Encrypt, new byte[64], ObjectHandle.None, new ArrayBufferWriter<byte>()).Cause);
        Assert.Equal(Causes.KeyUnknown, hsm.Perform(bob, Use.Encrypt, TestCalls.AesCbcPad, key, Data).Cause);
        Assert.Equal(Causes.KeyUnknown, hsm.Module.Finish(bob.Caller, bob.ReadWrite, Use.Decrypt, default, new ArrayBufferWriter<byte>()).Cause);
        Assert.Equal(Causes.KeyUnknown, hsm.Module.Prepare(bob.Caller, bob.ReadWrite, Use.Sign, new(0x108A, ParameterShape.None), key).Cause);
        Assert.NotEqual(judged, hsm.Module.Prepare(alice.Caller, alice.ReadWrite, Use.Sign, new(0x108A, ParameterShape.None), key).Value.KeyVersion);
        Assert.Empty(hsm.Find(bob));
        Assert.Equal(Causes.ObjectUnknown, hsm.Read(bob, key, AttributeType.Label).Cause);
        await hsm.RestartAsync();
        Assert.Empty(hsm.Find(await hsm.UserAsync("bob")));
    }

    [Fact]
    public async Task Who_may_be_given_a_share_is_judged_and_a_deleted_user_leaves_none_behind()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice", "bob");
        (TestInstance alice, TestInstance bob, TestInstance admin) = (await hsm.UserAsync("alice"), await hsm.UserAsync("bob"), await hsm.AdminAsync());
        ObjectHandle key = await hsm.AesAsync(alice, Everything);
        Assert.Equal(Causes.ShareUserUnknown, await ShareAsync("nobody"));
        Assert.Equal(Causes.ShareUserUnknown, await ShareAsync("admin"));
        Assert.Equal(Causes.SharedWithOwner, await ShareAsync("alice"));
        Assert.Equal(Causes.NotShared, (await hsm.Module.UnshareKeyAsync(alice.Caller, key, "bob", TestHsm.Cancel)).Cause);
        Assert.Null(await ShareAsync("bob"));
        Assert.Equal(Causes.AlreadyShared, await ShareAsync("bob"));
        ObjectHandle session = await hsm.AesAsync(alice);
        Assert.Equal(Causes.SessionKeyNotShared, (await hsm.Module.ShareKeyAsync(alice.Caller, session, "bob", TestHsm.Cancel)).Cause);
        Assert.Equal(Causes.RoleMayNot, (await hsm.Module.ShareKeyAsync(admin.Caller, key, "bob", TestHsm.Cancel)).Cause);
        Assert.Equal(Causes.NotLoggedIn, (await hsm.Module.ShareKeyAsync(hsm.Nobody().Caller, key, "bob", TestHsm.Cancel)).Cause);
        Assert.Equal(("alice", "bob"), (hsm.Module.GetKeyInfo(bob.Caller, key).Value.Owner, Assert.Single(hsm.Module.GetKeyInfo(alice.Caller, key).Value.SharedWith)));
        Assert.Equal("alice", hsm.Module.GetKeyInfo(admin.Caller, key).Value.Owner);
        Assert.Equal(Causes.NotLoggedIn, hsm.Module.GetKeyInfo(hsm.Nobody().Caller, key).Cause);

        Assert.Equal(Causes.UserOwnsKeys, (await hsm.Module.DeleteUserAsync(admin.Caller, "alice", Role.CryptoUser, TestHsm.Cancel)).Cause);
        Assert.Equal(Outcome.Ok, await hsm.Module.DeleteUserAsync(admin.Caller, "bob", Role.CryptoUser, TestHsm.Cancel));
        Assert.Equal(Outcome.Ok, await hsm.Module.CreateUserAsync(admin.Caller, "bob", Role.CryptoUser, TestHsm.Bytes(TestHsm.UserPassword), TestHsm.Cancel));
        Assert.Empty(hsm.Find(await hsm.UserAsync("bob")));
        Assert.Empty(hsm.Module.GetKeyInfo((await hsm.UserAsync("alice")).Caller, key).Value.SharedWith);

        async Task<Cause?> ShareAsync(string name) => (await hsm.Module.ShareKeyAsync(alice.Caller, key, name, TestHsm.Cancel)).Cause;
    }

    [Fact]
    public async Task A_new_key_is_shared_in_the_same_step_or_not_made()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice", "bob");
        (TestInstance alice, TestInstance bob) = (await hsm.UserAsync("alice"), await hsm.UserAsync("bob"));
        Assert.Equal(Causes.ShareUserUnknown, (await GenerateAsync(new(["bob", "nobody"]), token: true)).Cause);
        Assert.Equal(Causes.SessionKeyNotShared, (await GenerateAsync(new(["bob"]), token: false)).Cause);
        Assert.Empty(hsm.Find(alice));
        ObjectHandle key = (await GenerateAsync(new(["Bob", "bob"]), token: true)).Value;
        Assert.Equal([key], hsm.Find(bob));
        KeyPairHandles pair = (await hsm.Module.GenerateKeyPairAsync(
            alice.Caller, alice.ReadWrite, alice.NextCreation(), TestCalls.EcKeyPairGen, [AttributeType.EcParams.Is(Templates.P256), AttributeType.Token.Is(true)],
            [AttributeType.Sign.Is(true), AttributeType.Token.Is(true)], new(["bob"]), TestHsm.Cancel)).Value;
        Assert.True(hsm.Sign(bob, pair.Private, Data).IsOk);
        Assert.Empty(hsm.Module.GetKeyInfo(alice.Caller, pair.Public).Value.SharedWith);

        ValueTask<Outcome<ObjectHandle>> GenerateAsync(KeyTerms terms, bool token) => hsm.Module.GenerateKeyAsync(
            alice.Caller, alice.ReadWrite, alice.NextCreation(), TestCalls.AesKeyGen, Templates.Aes(AttributeType.Token.Is(token)), terms, TestHsm.Cancel);
    }

    [Fact]
    public void A_record_of_the_first_format_is_read_as_a_key_that_takes_no_approvals()
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(12);
        writer.WriteInt32(1);
        writer.WriteUInt64((ulong)ObjectClass.SecretKey);
        writer.WriteUInt64((ulong)KeyType.Aes);
        writer.WriteUInt32((uint)ObjectFlags.Token);
        writer.WriteUInt64(3);
        writer.WriteStartArray(1);
        writer.WriteUInt64(4);
        writer.WriteEndArray();
        writer.WriteByteString(new byte[32]);
        writer.WriteUInt64(7);
        writer.WriteInt32(0);
        writer.WriteInt64(1000);
        writer.WriteByteString(AttributeBlob.Empty.Bytes.Span);
        writer.WriteNull();
        writer.WriteEndArray();
        HsmObject old = ObjectRecord.Read("objects/0000000000000009", 5, writer.Encode());
        Assert.Equal((new UserId(3), new UserId(4), 0, 0), (old.Owner, Assert.Single(old.SharedWith), old.ManageQuorum, old.UseQuorum));
        HsmObject again = ObjectRecord.Read("objects/0000000000000009", 5, ObjectRecord.Write(old with { ManageQuorum = 2, UseQuorum = 3 }));
        Assert.Equal((2, 3, old.Creation), (again.ManageQuorum, again.UseQuorum, again.Creation));
        byte[] unknown = ObjectRecord.Write(old);
        unknown[1] = 3;
        Assert.Throws<FormatException>(() => ObjectRecord.Read("objects/0000000000000009", 5, unknown));
    }
}
