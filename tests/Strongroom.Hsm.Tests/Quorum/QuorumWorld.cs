using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Quorum;

/// <summary>A cluster of three admins and three crypto-users with keys of every kind, and a secret key of alice's that bob and dave share and that takes two approvals for everything.</summary>
internal sealed class QuorumWorld : IAsyncDisposable
{
    public static readonly byte[] Data = new byte[32];

    private readonly Dictionary<string, TestSigner> _signers = [];
    private int _names;

    private QuorumWorld(TestHsm hsm) => Hsm = hsm;

    public TestHsm Hsm { get; }

    public TestInstance Admin { get; private set; } = null!;

    public TestInstance OtherAdmin { get; private set; } = null!;

    public TestInstance Alice { get; private set; } = null!;

    public TestInstance Bob { get; private set; } = null!;

    /// <summary>Takes two approvals for managing and two for using it.</summary>
    public ObjectHandle Key { get; private set; }

    /// <summary>Alice's, without approvals.</summary>
    public ObjectHandle FreeKey { get; private set; }

    /// <summary>That one, wrapped under the first.</summary>
    public byte[] Wrapped { get; private set; } = [];

    public Module Module => Hsm.Module;

    public static async Task<QuorumWorld> StartAsync()
    {
        var world = new QuorumWorld(await TestHsm.StartAsync("alice", "bob", "carol", "dave", "erin"));
        TestHsm hsm = world.Hsm;
        world.Admin = await hsm.AdminAsync();
        foreach (string name in (string[])["admin2", "admin3"])
        {
            Assert.Equal(Outcome.Ok, await world.Module.CreateUserAsync(world.Admin.Caller, name, Role.Admin, TestHsm.Bytes(TestHsm.AdminPassword), TestHsm.Cancel));
        }

        world.OtherAdmin = await hsm.LoginAsync(LoginType.SecurityOfficer, $"admin2:{TestHsm.AdminPassword}");
        (world.Alice, world.Bob) = (await hsm.UserAsync("alice"), await hsm.UserAsync("bob"));
        await world.RegisterAsync("admin", world.Admin, TestSigner.Rsa);
        await world.RegisterAsync("admin2", world.OtherAdmin, TestSigner.P256);
        await world.RegisterAsync("admin3", await hsm.LoginAsync(LoginType.SecurityOfficer, $"admin3:{TestHsm.AdminPassword}"), TestSigner.Ed);
        await world.RegisterAsync("alice", world.Alice, TestSigner.P256);
        await world.RegisterAsync("bob", world.Bob, TestSigner.Ed);
        await world.RegisterAsync("erin", await hsm.UserAsync("erin"), TestSigner.P256);
        RawAttribute[] uses =
        [
            AttributeType.Token.Is(true), AttributeType.Sign.Is(true), AttributeType.Verify.Is(true), AttributeType.Encrypt.Is(true), AttributeType.Decrypt.Is(true), AttributeType.Wrap.Is(true),
            AttributeType.Unwrap.Is(true), AttributeType.Derive.Is(true), AttributeType.Sensitive.Is(false),
        ];
        world.Key = (await world.Module.GenerateKeyAsync(
            world.Alice.Caller, world.Alice.ReadWrite, world.Alice.NextCreation(), TestCalls.AesKeyGen, Templates.Aes(uses), new(["bob", "dave"], 2, 2), TestHsm.Cancel)).Value;
        world.FreeKey = await hsm.AesAsync(world.Alice, uses);
        await world.ApproveAsync(world.Alice, QuorumService.KeyManagement, world.Key, "alice", "bob");
        world.Wrapped = world.Module.WrapKey(world.Alice.Caller, world.Alice.ReadWrite, TestCalls.AesKeyWrap, world.Key, world.FreeKey).Value.Bytes.ToArray();
        return world;
    }

    /// <summary>Two approvals for every service of the admins, set without any: it was off.</summary>
    public async Task TurnOnAsync()
    {
        foreach (QuorumService service in (QuorumService[])[QuorumService.Quorum, QuorumService.User, QuorumService.Cluster])
        {
            if (service != QuorumService.Quorum)
            {
                await ApproveAsync(Admin, QuorumService.Quorum, ObjectHandle.None, "admin", "admin3");
            }

            Assert.Equal(Outcome.Ok, await Module.SetQuorumValueAsync(Admin.Caller, service, 2, TestHsm.Cancel));
        }
    }

    public string NextName() => $"user{++_names}";

    public TestSigner Signer(string user) => _signers[user];

    public ReadOnlyMemory<byte> Token(TestInstance who, QuorumService service, ObjectHandle key)
    {
        Outcome<ReadOnlyMemory<byte>> token = Module.GenerateQuorumToken(who.Caller, service, key);
        Assert.Equal(Outcome.Ok, token.WithoutValue());
        return token.Value;
    }

    public ApprovalSignature Signature(string user, ReadOnlyMemory<byte> token) =>
        new(user, user.StartsWith("admin", StringComparison.Ordinal) ? Role.Admin : Role.CryptoUser, Signer(user).Approve(token));

    public Cause? Show(TestInstance who, ReadOnlyMemory<byte> token, params ApprovalSignature[] signatures) => Module.ApproveQuorumToken(who.Caller, token, signatures).Cause;

    /// <summary>Generates a token and has it approved.</summary>
    public Task ApproveAsync(TestInstance who, QuorumService service, ObjectHandle key, params string[] signers)
    {
        ReadOnlyMemory<byte> token = Token(who, service, key);
        Assert.Null(Show(who, token, [.. signers.Select(signer => Signature(signer, token))]));
        return Task.CompletedTask;
    }

    /// <summary>Unwraps an AES key of alice's with the key that takes approvals.</summary>
    public ValueTask<Outcome<ObjectHandle>> UnwrapAsync(byte[] wrapped) => Module.UnwrapKeyAsync(
        Alice.Caller, Alice.ReadWrite, Alice.NextCreation(), TestCalls.AesKeyWrap, Key, wrapped, [AttributeType.Class.Is(ObjectClass.SecretKey), AttributeType.KeyType.Is(KeyType.Aes)], TestHsm.Cancel);

    public async Task RegisterAsync(string user, TestInstance who, string kind)
    {
        var signer = new TestSigner(kind);
        ReadOnlyMemory<byte> challenge = Module.BeginQuorumRegistration(who.Caller).Value;
        Assert.Equal(Outcome.Ok, await Module.RegisterQuorumKeyAsync(who.Caller, signer.PublicKey, challenge, signer.Approve(challenge), TestHsm.Cancel));
        _signers[user] = signer;
    }

    public ValueTask DisposeAsync() => Hsm.DisposeAsync();

    public static readonly MechanismCall Cmac = new(0x108A);
    public static readonly MechanismCall AesEcb = new(0x1081);
}
