using System.Buffers;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Operations;

public sealed class KeyOperationTests
{
    [Fact]
    public async Task Parts_give_the_same_as_the_whole_and_each_error_ends_the_operation()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        KeyPairHandles pair = await hsm.EcPairAsync(alice);
        Assert.Equal(Rv.OperationNotInitialized, Update(Use.Sign, [1]).Rv);
        Assert.True(Begin(Use.Sign, pair.Private).IsOk);
        Assert.Equal(Rv.OperationActive, Begin(Use.Sign, pair.Private).Rv);
        Assert.Equal(Rv.OperationActive, hsm.Sign(alice, pair.Private, [1]).Rv);
        Assert.True(Begin(Use.Verify, pair.Public).IsOk);
        Assert.Equal(Outcome.Ok, Update(Use.Sign, [1, 2]));
        Assert.Equal(Outcome.Ok, Update(Use.Sign, [3]));
        var signature = new ArrayBufferWriter<byte>();
        Assert.Equal(Outcome.Ok, hsm.Module.Finish(alice.Caller, alice.ReadWrite, Use.Sign, [], signature));
        Assert.True(hsm.Perform(alice, Use.Verify, TestCalls.EcdsaSha256, pair.Public, [1, 2, 3], signature.WrittenSpan.ToArray()).Rv == Rv.OperationActive);
        Assert.Equal(Outcome.Ok, Update(Use.Verify, [1, 2, 3]));
        Assert.Equal(Outcome.Ok, hsm.Module.Finish(alice.Caller, alice.ReadWrite, Use.Verify, signature.WrittenSpan, new ArrayBufferWriter<byte>()));
        Assert.Equal(Rv.OperationNotInitialized, hsm.Module.Finish(alice.Caller, alice.ReadWrite, Use.Verify, [], new ArrayBufferWriter<byte>()).Rv);
        Assert.True(Begin(Use.Sign, pair.Private).IsOk);
        Assert.Equal(Outcome.Ok, hsm.Module.Cancel(alice.Caller, alice.ReadWrite, Use.Sign));
        Assert.Equal(Outcome.Ok, hsm.Module.Cancel(alice.Caller, alice.ReadWrite, Use.Sign));
        Assert.Equal(Rv.OperationNotInitialized, Update(Use.Sign, [1]).Rv);
        Assert.Equal(Rv.ArgumentsBad, hsm.Module.Cancel(alice.Caller, alice.ReadWrite, (Use)77).Rv);
        Assert.Equal(0UL, hsm.Module.ReadCounters().Single(counter => counter.Name == "strongroom_open_operations").Value);

        Outcome<DrawnIv> Begin(Use use, ObjectHandle key) => hsm.Module.Begin(alice.Caller, alice.ReadWrite, use, TestCalls.EcdsaSha256, key);

        Outcome Update(Use use, byte[] data) => hsm.Module.Update(alice.Caller, alice.ReadWrite, use, data, default, new ArrayBufferWriter<byte>());
    }

    [Fact]
    public async Task An_operation_in_parts_ends_with_the_login_it_was_begun_under()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance admin = await hsm.AdminAsync();
        TestInstance alice = await hsm.UserAsync("alice");
        KeyPairHandles pair = await hsm.EcPairAsync(alice);
        Assert.True(hsm.Module.Begin(alice.Caller, alice.ReadWrite, Use.Sign, TestCalls.EcdsaSha256, pair.Private).IsOk);
        Assert.Equal(Outcome.Ok, await hsm.Module.ChangePasswordAsync(admin.Caller, "alice", Role.CryptoUser, TestHsm.Bytes("a-new-password"), TestHsm.Cancel));
        var output = new ArrayBufferWriter<byte>();
        Assert.False(hsm.Module.Finish(alice.Caller, alice.ReadWrite, Use.Sign, [], output).IsOk);
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public async Task A_verdict_tells_the_length_and_is_kept_only_where_the_hsm_need_not_judge_again()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        KeyPairHandles token = await hsm.EcPairAsync(alice, [AttributeType.Token.Is(true)], [AttributeType.Token.Is(true)]);
        KeyPairHandles session = await hsm.EcPairAsync(alice);
        KeyPairHandles careful = await hsm.EcPairAsync(alice, privateMore: [AttributeType.Token.Is(true), AttributeType.AlwaysAuthenticate.Is(true)]);
        Verdict verdict = Prepare(token.Private).Value;
        Assert.Equal((64, true, true), (verdict.Output.Fixed, verdict.Multipart, verdict.Cacheable));
        Assert.Equal(Outcome.Ok, await hsm.SetAsync(alice, token.Private, AttributeType.Label.Is("changed")));
        Assert.True(Prepare(token.Private).Value.KeyVersion > verdict.KeyVersion);
        Assert.True(Prepare(session.Private).Value.Cacheable);
        Assert.False(Prepare(careful.Private).Value.Cacheable);
        Assert.Equal(Rv.KeyFunctionNotPermitted, hsm.Module.Prepare(alice.Caller, alice.ReadWrite, Use.Verify, TestCalls.EcdsaSha256, token.Private).Rv);
        Assert.Equal(Rv.KeyTypeInconsistent, hsm.Module.Prepare(alice.Caller, alice.ReadWrite, Use.Sign, TestCalls.EcdsaSha256, await hsm.AesAsync(alice)).Rv);
        Assert.Equal(Rv.MechanismInvalid, hsm.Module.Prepare(alice.Caller, alice.ReadWrite, Use.Encrypt, TestCalls.EcdsaSha256, token.Private).Rv);

        Assert.Equal(Causes.NeedsContextLogin, hsm.Sign(alice, careful.Private, [1]).Cause);
        Assert.True((await hsm.Module.LoginAsync(alice.Caller, LoginType.ContextSpecific, TestHsm.Bytes($"alice:{TestHsm.UserPassword}"), TestHsm.Cancel)).IsOk);
        Assert.True(hsm.Sign(alice, careful.Private, [1]).IsOk);
        Assert.Equal(Causes.NeedsContextLogin, hsm.Sign(alice, careful.Private, [1]).Cause);

        Outcome<Verdict> Prepare(ObjectHandle key) => hsm.Module.Prepare(alice.Caller, alice.ReadWrite, Use.Sign, TestCalls.EcdsaSha256, key);
    }

    [Fact]
    public async Task A_key_leaves_wrapped_and_comes_back_as_the_templates_say()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        ObjectHandle wrapping = await hsm.AesAsync(
            alice, AttributeType.Wrap.Is(true), AttributeType.Unwrap.Is(true), AttributeType.UnwrapTemplate.Is(AttributeType.Extractable.Is(false), AttributeType.Label.Is("came back")));
        ObjectHandle payload = await hsm.AesAsync(alice, AttributeType.Encrypt.Is(true));
        Outcome<WrappedKey> wrapped = hsm.Module.WrapKey(alice.Caller, alice.ReadWrite, TestCalls.AesKeyWrap, wrapping, payload);
        Assert.Equal(40, wrapped.Value.Bytes.Length);
        ObjectHandle back = (await Unwrap(AttributeType.Encrypt.Is(true))).Value;
        Assert.Equal(hsm.Read(alice, payload, AttributeType.CheckValue).Value, hsm.Read(alice, back, AttributeType.CheckValue).Value);
        Assert.Equal("came back"u8.ToArray(), hsm.Read(alice, back, AttributeType.Label).Value);
        Assert.False(hsm.IsSet(alice, back, AttributeType.Extractable));
        Assert.False(hsm.IsSet(alice, back, AttributeType.NeverExtractable));
        Assert.False(hsm.IsSet(alice, back, AttributeType.Local));
        Assert.Equal(
            hsm.Perform(alice, Use.Encrypt, TestCalls.AesCbcPad, payload, [1]).Value, hsm.Perform(alice, Use.Encrypt, TestCalls.AesCbcPad, back, [1]).Value);
        Assert.Equal(Causes.TemplateOfKeyViolated, (await Unwrap(AttributeType.Extractable.Is(true))).Cause);
        Assert.Equal(Rv.TemplateInconsistent, (await Unwrap(AttributeType.Label.Is("other"))).Rv);
        Assert.Equal(Rv.KeyUnextractable, hsm.Module.WrapKey(alice.Caller, alice.ReadWrite, TestCalls.AesKeyWrap, wrapping, back).Rv);
        byte[] broken = wrapped.Value.Bytes.ToArray();
        broken[5] ^= 1;
        Assert.Equal(Rv.WrappedKeyInvalid, (await Unwrap(broken)).Rv);
        AttributeReading read = hsm.Module.GetAttributes(alice.Caller, alice.ReadWrite, wrapping, [AttributeType.UnwrapTemplate]).Value[0];
        Assert.Equal([AttributeType.Label, AttributeType.Extractable], read.Nested!.Select(member => member.Type));

        ValueTask<Outcome<ObjectHandle>> Unwrap2(ReadOnlyMemory<byte> bytes, params RawAttribute[] more) => hsm.Module.UnwrapKeyAsync(
            alice.Caller, alice.ReadWrite, alice.NextCreation(), TestCalls.AesKeyWrap, wrapping, bytes,
            [AttributeType.Class.Is(ObjectClass.SecretKey), AttributeType.KeyType.Is(KeyType.Aes), .. more], TestHsm.Cancel);

        ValueTask<Outcome<ObjectHandle>> Unwrap(params object[] args) =>
            args is [byte[] bytes] ? Unwrap2(bytes) : Unwrap2(wrapped.Value.Bytes, [.. args.Cast<RawAttribute>()]);
    }

    [Fact]
    public async Task Every_operation_is_counted_once()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        KeyPairHandles pair = await hsm.EcPairAsync(alice);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                Assert.True(hsm.Sign(alice, pair.Private, [1]).IsOk);
            }
        })));
        hsm.Sign(alice, pair.Public, [1]);
        hsm.Sign(alice, pair.Private, [1], new MechanismCall(0x99999));
        Assert.True(hsm.Module.Begin(alice.Caller, alice.ReadWrite, Use.Sign, TestCalls.EcdsaSha256, pair.Private).IsOk);
        Assert.True(hsm.Module.Finish(alice.Caller, alice.ReadWrite, Use.Sign, [], new ArrayBufferWriter<byte>()).IsOk);
        Dictionary<string, ulong> counters = hsm.Module.ReadCounters().ToDictionary(counter => counter.Name, counter => counter.Value);
        Assert.Equal(401UL, counters["strongroom_signatures_total"]);
        Assert.Equal(401UL, counters["strongroom_operations_total{use=\"sign\",mechanism=\"CKM_ECDSA_SHA256\",result=\"ok\"}"]);
        Assert.Equal(1UL, counters["strongroom_operations_total{use=\"sign\",mechanism=\"CKM_ECDSA_SHA256\",result=\"refused\"}"]);
        Assert.Equal(1UL, counters["strongroom_operations_total{use=\"sign\",mechanism=\"unknown\",result=\"refused\"}"]);

        Dictionary<string, ulong> full = hsm.Module.ReadMetrics().ToDictionary(counter => counter.Name, counter => counter.Value);
        Assert.Equal(401UL, full["strongroom_operations_total{use=\"sign\",mechanism=\"CKM_ECDSA_SHA256\",user=\"alice\",result=\"ok\"}"]);
        Assert.Equal(1UL, full["strongroom_operation_refusals_total{use=\"sign\",code=\"CKR_MECHANISM_INVALID\"}"]);
        Histogram signing = hsm.Module.ReadLatencies().Single(latencies => latencies.Labels == "use=\"sign\",mechanism=\"CKM_ECDSA_SHA256\"");
        Assert.Equal(400L, signing.Counts.Sum(count => (long)count));   // the one in parts has no time of its own
        Assert.True(signing.Sum > 0);
    }

    [Fact]
    public async Task Without_a_login_there_are_digests_and_random_bytes_and_no_keys()
    {
        await using TestHsm hsm = await TestHsm.StartAsync();
        TestInstance nobody = hsm.Nobody();
        Assert.Equal(Convert.FromHexString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), hsm.Perform(nobody, Use.Digest, TestCalls.Sha256, default, [.. "abc"u8]).Value);
        var random = new ArrayBufferWriter<byte>();
        Assert.Equal(Outcome.Ok, hsm.Module.GenerateRandom(nobody.Caller, 1000, random));
        Assert.Equal(1000, random.WrittenCount);
        Assert.True(random.WrittenSpan.ToArray().Distinct().Count() > 200);
        Assert.Equal(Rv.ArgumentsBad, hsm.Module.GenerateRandom(nobody.Caller, (1 << 20) + 1, random).Rv);
        Assert.Equal(Outcome.Ok, hsm.Module.SeedRandom(nobody.Caller, [1, 2, 3]));
        Assert.Equal(Rv.UserNotLoggedIn, (await hsm.GenerateAesAsync(nobody)).Rv);
        Assert.Equal(Rv.UserNotLoggedIn, hsm.Sign(nobody, new ObjectHandle(1), [1]).Rv);
    }
}
