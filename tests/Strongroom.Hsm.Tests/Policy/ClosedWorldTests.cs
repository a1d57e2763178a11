using System.Buffers;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Tests.Cluster;
using Strongroom.Hsm.Tests.Quorum;

namespace Strongroom.Hsm.Tests.Policy;

/// <summary>
/// Operation × caller × the key's flag × approvals → allowed, or the refusal; written by hand from PKCS#11 3.2 (section 4) and the AWS CloudHSM user guide (roles, shared keys, quorum) and walked through a whole module
/// over a store on disk. What is not in the table is not there: each operation and each caller must have its cell.
/// </summary>
public sealed class ClosedWorldTests
{
    private const Rv Ok = Rv.Ok;
    private const Rv In = Rv.UserNotLoggedIn;
    private const Rv May = Rv.KeyFunctionNotPermitted;
    private const Rv Own = Rv.ActionProhibited;
    private const Rv Key = Rv.KeyHandleInvalid;
    private const Rv WKey = Rv.WrappingKeyHandleInvalid;
    private const Rv UKey = Rv.UnwrappingKeyHandleInvalid;
    private const Rv Obj = Rv.ObjectHandleInvalid;
    private const Rv Sec = Rv.AttributeSensitive;
    private const Rv Not = Rv.KeyUnextractable;
    private const Rv App = Rv.FunctionRejected;

    private static readonly string[] Callers = ["nobody", "admin", "appliance", "owner", "shared", "other"];

    private static readonly int OwnerAt = Array.IndexOf(Callers, "owner");

    // Flag: what the operation takes of the key. Without: the owner's refusal if it is missing. Unapproved: the owner's refusal if the key takes approvals and there are none; Ok: it takes none.
    private static readonly (string Operation, AttributeType? Flag, Rv[] Expected, Rv Without, Rv Unapproved)[] Table =
    [
        //                                            nobody admin appl. owner shared other  without unapproved
        ("encrypt",      AttributeType.Encrypt,       [In,   In,   In,   Ok,   Ok,    Key],  May,    App),
        ("decrypt",      AttributeType.Decrypt,       [In,   In,   In,   Ok,   Ok,    Key],  May,    App),
        ("sign",         AttributeType.Sign,          [In,   In,   In,   Ok,   Ok,    Key],  May,    App),
        ("verify",       AttributeType.Verify,        [In,   In,   In,   Ok,   Ok,    Key],  May,    App),
        ("begin",        AttributeType.Sign,          [In,   In,   In,   Ok,   Ok,    Key],  May,    App),
        ("prepare",      AttributeType.Sign,          [In,   In,   In,   Ok,   Ok,    Key],  May,    App),
        ("wrap under",   AttributeType.Wrap,          [In,   In,   In,   Ok,   Ok,    WKey], May,    App),
        ("unwrap under", AttributeType.Unwrap,        [In,   In,   In,   Ok,   Ok,    UKey], May,    App),
        ("derive from",  AttributeType.Derive,        [In,   In,   In,   Ok,   May,   Key],  May,    App),
        ("digest",       AttributeType.Extractable,   [In,   In,   In,   Ok,   May,   Key],  May,    App),
        ("wrap out",     AttributeType.Extractable,   [In,   In,   In,   Ok,   May,   Key],  Not,    App),
        ("read value",   AttributeType.Extractable,   [Obj,  Sec,  Obj,  Ok,   Sec,   Obj],  Sec,    Sec),
        ("read label",   null,                        [Obj,  Ok,   Obj,  Ok,   Ok,    Obj],  Ok,     Ok),
        ("size",         null,                        [Obj,  Ok,   Obj,  Ok,   Ok,    Obj],  Ok,     Ok),
        ("attest",       null,                        [Obj,  In,   Obj,  Ok,   Ok,    Obj],  Ok,     Ok),
        ("copy",         null,                        [In,   In,   In,   Ok,   Own,   Obj],  Ok,     Own),
        ("set label",    null,                        [In,   Rv.AttributeReadOnly, In, Ok, Own, Obj], Ok, App),
        ("trust",        null,                        [In,   Ok,   In, Rv.AttributeReadOnly, Own, Obj], Ok, Ok),
        ("share",        null,                        [In,   In,   In,   Ok,   Own,   Obj],  Ok,     App),
        ("unshare",      null,                        [In,   In,   In,   Ok,   Own,   Obj],  Ok,     App),
        ("key info",     null,                        [In,   Ok,   In,   Ok,   Ok,    Obj],  Ok,     Ok),
        ("find",         null,                        [Obj,  Ok,   Obj,  Ok,   Ok,    Obj],  Ok,     Ok),
        ("destroy",      AttributeType.Destroyable,   [In,   In,   In,   Ok,   Own,   Obj],  Own,    Ok),
    ];

    [Fact]
    public async Task Every_operation_by_every_caller_on_every_kind_of_key_is_what_the_table_says()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("owner", "shared", "third", "other");
        var callers = new Dictionary<string, TestInstance>
        {
            ["nobody"] = hsm.Nobody(),
            ["admin"] = await hsm.AdminAsync(),
            ["appliance"] = await hsm.ApplianceAsync(),
            ["owner"] = await hsm.UserAsync("owner"),
            ["shared"] = await hsm.UserAsync("shared"),
            ["other"] = await hsm.UserAsync("other"),
        };
        var approver = new Approvers(hsm);
        await approver.RegisterAsync("owner", callers["owner"]);
        await approver.RegisterAsync("shared", callers["shared"]);
        Assert.Equal(Operations.Keys.Order(), Table.Select(row => row.Operation).Order());
        var wrong = new List<string>();
        foreach ((string operation, AttributeType? flag, Rv[] expected, Rv without, Rv unapproved) in Table)
        {
            Assert.Equal(Callers.Length, expected.Length);
            foreach ((string caller, Rv wanted) in Callers.Zip(expected))
            {
                await CheckAsync(operation, caller, "flag set", wanted, await KeyAsync(flag, isSet: true, quorum: false));
            }

            if (flag is not null)
            {
                await CheckAsync(operation, "owner", "flag not set", without, await KeyAsync(flag, isSet: false, quorum: false));
            }

            await CheckAsync(operation, "owner", "without approvals", expected[OwnerAt] == Ok ? unapproved : expected[OwnerAt], await KeyAsync(flag, isSet: true, quorum: true));
            if (unapproved == App)
            {
                foreach (string caller in Callers.Where((_, i) => expected[i] == Ok))
                {
                    foreach (QuorumService service in (QuorumService[])[QuorumService.KeyUsage, QuorumService.KeyManagement])
                    {
                        ObjectHandle key = await KeyAsync(flag, isSet: true, quorum: true);
                        if (operation is "unshare")
                        {
                            // Three users and two approvals: one may go.
                            approver.Approve(callers["owner"], QuorumService.KeyManagement, key, "owner", "shared");
                            await hsm.Module.ShareKeyAsync(callers["owner"].Caller, key, "other", TestHsm.Cancel);
                        }

                        approver.Approve(callers[caller], service, key, "owner", "shared");
                        bool isRight = (service == QuorumService.KeyUsage) == (operation is "encrypt" or "decrypt" or "sign" or "verify" or "begin" or "prepare" or "derive from" or "digest");
                        await CheckAsync(operation, caller, $"approved for {service}", isRight ? Ok : App, key);
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        async Task CheckAsync(string operation, string caller, string state, Rv wanted, ObjectHandle key)
        {
            Rv actual = await Operations[operation](hsm, callers[caller], callers["owner"], key);
            if (actual != wanted)
            {
                wrong.Add($"{operation}, {caller}, {state}: {actual}, expected {wanted}");
            }
        }

        async Task<ObjectHandle> KeyAsync(AttributeType? flag, bool isSet, bool quorum)
        {
            var flags = new Dictionary<AttributeType, bool> { [AttributeType.Sensitive] = false, [AttributeType.Extractable] = true, [AttributeType.Destroyable] = true, [AttributeType.Sign] = false, [AttributeType.Verify] = false };
            if (flag is { } named)
            {
                flags[named] = isSet;
            }

            TestInstance owner = callers["owner"];
            return (await hsm.Module.GenerateKeyAsync(
                owner.Caller, owner.ReadWrite, owner.NextCreation(), TestCalls.AesKeyGen, Templates.Aes([AttributeType.Token.Is(true), .. flags.Select(one => one.Key.Is(one.Value))]),
                quorum ? new(["shared", "third"], 2, 2) : new(["shared", "third"]), TestHsm.Cancel)).Value;
        }
    }

    private static readonly Dictionary<string, Func<TestHsm, TestInstance, TestInstance, ObjectHandle, ValueTask<Rv>>> Operations = new()
    {
        ["encrypt"] = (hsm, who, _, key) => new(Perform(hsm, who, Use.Encrypt, QuorumWorld.AesEcb, key)),
        ["decrypt"] = (hsm, who, _, key) => new(Perform(hsm, who, Use.Decrypt, QuorumWorld.AesEcb, key)),
        ["sign"] = (hsm, who, _, key) => new(Perform(hsm, who, Use.Sign, QuorumWorld.Cmac, key)),
        ["verify"] = (hsm, who, _, key) => new(hsm.Module.Perform(who.Caller, who.ReadWrite, Use.Verify, QuorumWorld.Cmac, key, new byte[32], new byte[16], new ArrayBufferWriter<byte>()).Rv is var rv and not Rv.SignatureInvalid ? rv : Ok),
        ["begin"] = (hsm, who, _, key) => new(Begin(hsm, who, key)),
        ["prepare"] = (hsm, who, _, key) => new(hsm.Module.Prepare(who.Caller, who.ReadWrite, Use.Sign, QuorumWorld.Cmac, key).Rv),
        ["wrap under"] = async (hsm, who, _, key) => hsm.Module.WrapKey(who.Caller, who.ReadWrite, TestCalls.AesKeyWrap, key, await OwnKeyAsync(hsm, who)).Rv,
        ["unwrap under"] = UnwrapAsync,
        ["derive from"] = async (hsm, who, _, key) => (await hsm.Module.DeriveKeyAsync(
            who.Caller, who.ReadWrite, who.NextCreation(), CounterKdf, key, [AttributeType.Class.Is(ObjectClass.SecretKey), AttributeType.KeyType.Is(KeyType.Aes), AttributeType.ValueLen.Is(32UL)], TestHsm.Cancel)).Rv,
        ["digest"] = (hsm, who, _, key) => new(DigestKey(hsm, who, key)),
        ["wrap out"] = async (hsm, who, owner, key) => hsm.Module.WrapKey(who.Caller, who.ReadWrite, TestCalls.AesKeyWrap, await OwnKeyAsync(hsm, who), key).Rv,
        ["read value"] = (hsm, who, _, key) => new(hsm.Read(who, key, AttributeType.Value).Rv),
        ["read label"] = (hsm, who, _, key) => new(hsm.Read(who, key, AttributeType.Label).Rv),
        ["size"] = (hsm, who, _, key) => new(hsm.Module.GetObjectSize(who.Caller, who.ReadWrite, key).Rv),
        ["attest"] = (hsm, who, _, key) => new(hsm.Module.StateKey(who.Caller, who.ReadWrite, key, default, "1").Rv),
        ["copy"] = async (hsm, who, _, key) => (await hsm.Module.CopyObjectAsync(who.Caller, who.ReadWrite, who.NextCreation(), key, [], TestHsm.Cancel)).Rv,
        ["set label"] = async (hsm, who, _, key) => (await hsm.SetAsync(who, key, AttributeType.Label.Is("new"))).Rv,
        ["trust"] = async (hsm, who, _, key) => (await hsm.SetAsync(who, key, AttributeType.Trusted.Is(true))).Rv,
        ["share"] = async (hsm, who, _, key) => (await hsm.Module.ShareKeyAsync(who.Caller, key, "other", TestHsm.Cancel)).Rv,
        ["unshare"] = async (hsm, who, _, key) => (await hsm.Module.UnshareKeyAsync(who.Caller, key, "third", TestHsm.Cancel)).Rv,
        ["key info"] = (hsm, who, _, key) => new(hsm.Module.GetKeyInfo(who.Caller, key).Rv),
        ["find"] = (hsm, who, _, key) => new(hsm.Find(who).Contains(key) ? Rv.Ok : Rv.ObjectHandleInvalid),
        ["destroy"] = async (hsm, who, _, key) => (await hsm.DestroyAsync(who, key)).Rv,
    };

    // SP 800-108 in counter mode with AES-CMAC: a 32-bit counter and a label.
    private static MechanismCall CounterKdf =>
        new(0x3AC, ParameterShape.Sp800108, Hash: 0x108A, Parts: [new DerivationPart(1, null, false, 32, 0), new DerivationPart(4, "label"u8.ToArray(), false, 0, 0)]);

    private static Rv Perform(TestHsm hsm, TestInstance who, Use use, MechanismCall mechanism, ObjectHandle key) =>
        hsm.Module.Perform(who.Caller, who.ReadWrite, use, mechanism, key, new byte[32], default, new ArrayBufferWriter<byte>()).Rv;

    private static Rv Begin(TestHsm hsm, TestInstance who, ObjectHandle key)
    {
        Rv begun = hsm.Module.Begin(who.Caller, who.ReadWrite, Use.Sign, QuorumWorld.Cmac, key).Rv;
        hsm.Module.Cancel(who.Caller, who.ReadWrite, Use.Sign);
        return begun;
    }

    private static Rv DigestKey(TestHsm hsm, TestInstance who, ObjectHandle key)
    {
        Assert.True(hsm.Module.Begin(who.Caller, who.ReadWrite, Use.Digest, TestCalls.Sha256, ObjectHandle.None).IsOk);
        Rv digested = hsm.Module.Update(who.Caller, who.ReadWrite, Use.Digest, default, key, new ArrayBufferWriter<byte>()).Rv;
        hsm.Module.Cancel(who.Caller, who.ReadWrite, Use.Digest);
        return digested;
    }

    // Zeros are no wrapped key; that the unwrapping key was given out is seen by that being said.
    private static async ValueTask<Rv> UnwrapAsync(TestHsm hsm, TestInstance who, TestInstance owner, ObjectHandle key)
    {
        Rv made = (await hsm.Module.UnwrapKeyAsync(
            who.Caller, who.ReadWrite, who.NextCreation(), TestCalls.AesKeyWrap, key, new byte[40], [AttributeType.Class.Is(ObjectClass.SecretKey), AttributeType.KeyType.Is(KeyType.Aes)], TestHsm.Cancel)).Rv;
        return made is Rv.WrappedKeyInvalid or Rv.WrappedKeyLenRange ? Rv.Ok : made;
    }

    // Where the caller has no keys, the operation is refused before this one is looked for.
    private static async ValueTask<ObjectHandle> OwnKeyAsync(TestHsm hsm, TestInstance who) =>
        await hsm.GenerateAesAsync(who, AttributeType.Wrap.Is(true)) is { IsOk: true, Value: var own } ? own : new ObjectHandle(1);

    private sealed class Approvers(TestHsm hsm)
    {
        private readonly Dictionary<string, TestSigner> _signers = [];

        public async Task RegisterAsync(string user, TestInstance who)
        {
            _signers[user] = new TestSigner(TestSigner.P256);
            ReadOnlyMemory<byte> challenge = hsm.Module.BeginQuorumRegistration(who.Caller).Value;
            Assert.Equal(Outcome.Ok, await hsm.Module.RegisterQuorumKeyAsync(who.Caller, _signers[user].PublicKey, challenge, _signers[user].Approve(challenge), TestHsm.Cancel));
        }

        public void Approve(TestInstance who, QuorumService service, ObjectHandle key, params string[] users)
        {
            ReadOnlyMemory<byte> token = hsm.Module.GenerateQuorumToken(who.Caller, service, key).Value;
            Assert.Equal(Outcome.Ok, hsm.Module.ApproveQuorumToken(who.Caller, token, [.. users.Select(user => new ApprovalSignature(user, Role.CryptoUser, _signers[user].Approve(token)))]));
        }
    }
}
